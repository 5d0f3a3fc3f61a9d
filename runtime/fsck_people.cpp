// The part of a check that is about people: all rows of one user after another, each row read once.
#include <fmt/format.h>
#include <set>
#include <variant>

#include "engine/fan_out.h"
#include "runtime/counter_names.h"
#include "runtime/delivery_record.h"
#include "runtime/event_codec.h"
#include "runtime/find_user.h"
#include "runtime/fsck_run.h"
#include "runtime/leaving_names.h"
#include "runtime/log_record.h"
#include "runtime/past_enrollment.h"
#include "runtime/sent_codec.h"
#include "runtime/user_head.h"
#include "runtime/watch_record.h"

namespace sojourn::runtime {
namespace {

using store::Identity;
using store::RowKey;
using store::RowKind;

// Takes the rows of all users in their order.
class PeopleCheck {
 public:
  explicit PeopleCheck(FsckRun& run) : run_(run) {}

  void take(const RowKey& key, std::string_view body) {
    if (!user_ || *user_ != key.user) {
      end_user();
      user_ = key.user;
      ++run_.report.users;
      run_.expect_given(key.user, name_of(key));
    }
    ++run_.report.rows;
    check(key, body);
  }
  // After the last row.
  void end_user();

 private:
  void check(const RowKey& key, std::string_view body);
  void check_head(const RowKey& key, std::string_view body);
  void check_enrollment(const RowKey& key, std::string_view body);
  void check_measured(const RowKey& key, std::string_view body);
  void check_past(const RowKey& key, std::string_view body);
  void check_event(const RowKey& key, std::string_view body);
  void check_watch(const RowKey& key, std::string_view body);
  void check_leaving(const RowKey& key, std::string_view body);
  void check_log(const RowKey& key, std::string_view body);
  void check_waits(const RowKey& key, const engine::Enrollment& enrollment);
  bool waits_to_leave(const engine::Enrollment& enrollment, const FsckJourney& journey);
  void expect_name(Identity::Kind kind, const std::optional<std::string>& name);
  void expect_index(std::string_view head_body);
  void expect_number(const RowKey& key, std::uint64_t number);

  FsckRun& run_;
  std::optional<store::UserId> user_;
  std::optional<UserHead> head_;
  bool head_is_damaged_ = false;
  std::optional<RowKey> first_without_head_;
  std::set<std::uint64_t> live_;  // numbers of enrollments
  // Of which enrollments deliveries wait, and of which of their steps; once somebody asks.
  std::optional<std::set<std::pair<std::uint32_t, std::uint32_t>>> leaving_;
  bool did_something_ = false;  // has rows that somebody known by consent alone has not
};

void PeopleCheck::end_user() {
  if (first_without_head_) {
    run_.found(kNobodys, name_of(*first_without_head_), "its user has no head: nobody is there");
  }
  if (head_ && !did_something_ && !has_appeared(*head_) && has_only_consent(*head_)) {
    ++run_.sums["tombstones_waiting"];
  }
  head_.reset();
  head_is_damaged_ = false;
  first_without_head_.reset();
  live_.clear();
  leaving_.reset();
  did_something_ = false;
}

void PeopleCheck::check(const RowKey& key, std::string_view body) {
  const bool may_outlive = key.kind == RowKind::kLog || key.kind == RowKind::kLeaving;
  if (key.kind == RowKind::kHead) return check_head(key, body);
  if (!head_ && !head_is_damaged_ && !may_outlive && !first_without_head_) {
    first_without_head_ = key;
  }
  switch (key.kind) {
    case RowKind::kEnrollment:
      return check_enrollment(key, body);
    case RowKind::kPast:
      return check_past(key, body);
    case RowKind::kEvent:
      return check_event(key, body);
    case RowKind::kMeasured:
      return check_measured(key, body);
    case RowKind::kSent:
      did_something_ = true;
      if (const auto sent = decode_sent(body); !sent) {
        run_.found(kUnreadable, name_of(key), sent.error().message);
      }
      return;
    case RowKind::kWatch:
      return check_watch(key, body);
    case RowKind::kLog:
      return check_log(key, body);
    case RowKind::kLeaving:
      return check_leaving(key, body);
    default:
      run_.found(kMisplaced, name_of(key), "no user has a row of this kind");
  }
}

void PeopleCheck::check_head(const RowKey& key, std::string_view body) {
  auto head = decode_user_head(body);
  if (!head) {
    head_is_damaged_ = true;
    return run_.found(kUnreadable, name_of(key), head.error().message);
  }
  head_ = std::move(*head);
  expect_name(Identity::Kind::kEmail, head_->email);
  expect_name(Identity::Kind::kUserId, head_->user_id);
  if (!head_->email && !head_->user_id) {
    run_.found(kIdentity, name_of(key), "the user has no name at all");
  }
  expect_index(body);
}

void PeopleCheck::expect_name(Identity::Kind kind, const std::optional<std::string>& name) {
  if (!name) return;
  const auto named = run_.survey.find({kind, *name});
  const char* word = kind == Identity::Kind::kEmail ? "email" : "userId";
  if (!named) {
    run_.found(kIdentity, printed_id(*user_), fmt::format("nobody is found by their {}", word));
  } else if (*named != *user_) {
    run_.found(kIdentity, printed_id(*user_),
               fmt::format("their {} finds {}", word, printed_id(*named)));
  }
}

void PeopleCheck::expect_index(std::string_view head_body) {
  for (const IndexState& field : run_.indexes) {
    if (!field.complete && *user_ > field.reached) continue;
    for (const base::Hash128& value : index_keys(field, head_body)) {
      if (run_.survey.has_value({field.number, value, *user_})) continue;
      run_.found(kFieldIndex, printed_id(*user_),
                 fmt::format("is not found by what `{}` reads as", field.name));
    }
  }
}

void PeopleCheck::expect_number(const RowKey& key, std::uint64_t number) {
  if (head_ && number >= head_->next_enrollment) {
    run_.found(kNumber, name_of(key),
               fmt::format("enrollment {}, and the next that the user is given is {}", number,
                           head_->next_enrollment));
  }
}

void PeopleCheck::check_enrollment(const RowKey& key, std::string_view body) {
  did_something_ = true;
  live_.insert(key.number);
  expect_number(key, key.number);
  const auto enrollment = run_.enrollment(key, body);
  if (!enrollment) return;
  const FsckJourney& journey = run_.journeys.at(enrollment->version);
  const graph::Step& step = journey.graph.steps.at(enrollment->at);
  ++run_.sums[counter_name(
      {"inside", journey.graph.journey, enrollment->version.hex(), step.identity})];
  check_waits(key, *enrollment);
}

// A resting place has a timer, or a delivery whose end it waits for.
void PeopleCheck::check_waits(const RowKey& key, const engine::Enrollment& enrollment) {
  const FsckJourney& journey = run_.journeys.at(enrollment.version);
  const graph::Step& step = journey.graph.steps.at(enrollment.at);
  const bool leaves = !enrollment.queued && (std::holds_alternative<graph::Send>(step.action) ||
                                             std::holds_alternative<graph::Call>(step.action));
  if (leaves && !waits_to_leave(enrollment, journey)) {
    run_.found(kStranded, name_of(key),
               fmt::format("rests at `{}` of `{}`, and nothing of it waits to leave", step.identity,
                           journey.graph.journey));
  }
  const auto due = enrollment.next_due();
  if (!due && !leaves) {
    return run_.found(
        kStranded, name_of(key),
        fmt::format("rests at `{}` of `{}` without a timer", step.identity, journey.graph.journey));
  }
  if (!due) return;
  const store::TimerKey timer{key.user, *due, enrollment.number};
  const bool is_due = run_.survey.has_timer(timer);
  const bool is_held = run_.held_timers.contains(timer);
  if (!is_due && !is_held) {
    run_.found(kTimer, name_of(key), "its timer is not in the due index");
  }
  if (is_due && is_held) {
    run_.found(kTwice, name_of(key), "its timer is in the due index, and held back");
  }
}

bool PeopleCheck::waits_to_leave(const engine::Enrollment& enrollment, const FsckJourney& journey) {
  if (!leaving_) {
    leaving_.emplace();
    run_.survey.each_delivery_of(*user_, [&](const store::Delivery& delivery) {
      const auto record = decode_delivery(delivery.body);
      if (record) leaving_->emplace(record->enrollment, record->step_number);
    });
  }
  return leaving_->contains({enrollment.number, journey.numbers.number_of(enrollment.at)});
}

void PeopleCheck::check_measured(const RowKey& key, std::string_view body) {
  did_something_ = true;
  expect_number(key, key.number);
  run_.enrollment(key, body);
  if (!live_.contains(key.number)) return;
  run_.found(kTwice, name_of(key), "the enrollment is inside its journey, and has left it");
}

void PeopleCheck::check_past(const RowKey& key, std::string_view body) {
  did_something_ = true;
  const auto past = decode_past(body);
  if (!past) return run_.found(kUnreadable, name_of(key), past.error().message);
  expect_number(key, past->number);
  if (!live_.contains(past->number)) return;
  run_.found(kTwice, name_of(key), "the enrollment is inside its journey, and has left it");
}

void PeopleCheck::check_event(const RowKey& key, std::string_view body) {
  did_something_ = true;
  if (const auto event = decode_event(body, key.number); !event) {
    return run_.found(kUnreadable, name_of(key), event.error().message);
  }
  if (head_ && key.number >= head_->next_event) {
    run_.found(kNumber, name_of(key),
               fmt::format("the next event that the user is given is {}", head_->next_event));
  }
}

void PeopleCheck::check_watch(const RowKey& key, std::string_view body) {
  const auto watches = decode_watches(body, run_.no_plan);
  if (!watches) return run_.found(kUnreadable, name_of(key), watches.error().message);
  if (!watches->due || run_.survey.has_timer({key.user, *watches->due, 0})) return;
  run_.found(kTimer, name_of(key), "what is watched for is not in the due index");
}

void PeopleCheck::check_log(const RowKey& key, std::string_view body) {
  if (const auto log = decode_log(body); !log) {
    run_.found(kUnreadable, name_of(key), log.error().message);
  }
  if (key.number <= run_.report.sequence) return;
  run_.found(kNumber, name_of(key),
             fmt::format("written by a commit after the last, {}", run_.report.sequence));
}

// Each name leads to this queue.
void PeopleCheck::check_leaving(const RowKey& key, std::string_view body) {
  ++run_.sums["erasures_leaving"];
  const auto names = decode_names(body);
  if (!names) return run_.found(kUnreadable, name_of(key), names.error().message);
  for (const Identity& name : *names) {
    const auto kind = name.kind == Identity::Kind::kEmail ? Identity::Kind::kLeavingEmail
                                                          : Identity::Kind::kLeavingUserId;
    if (run_.survey.find({kind, name.value}) == key.user) continue;
    run_.found(kIdentity, name_of(key), "a name that leaves does not lead here");
  }
}

}  // namespace

std::vector<base::Hash128> index_keys(const IndexState& field, std::string_view head_body) {
  const auto head = decode_user_head(head_body);
  if (!head || !has_appeared(*head)) return {};
  graph::Value value = field.fallback;
  if (field.name == "email" || field.name == "userId") {
    const auto& name = field.name == "email" ? head->email : head->user_id;
    value = name ? graph::Value(*name) : graph::Value();
  } else if (const ProfileField* known = head->find(field.name);
             known != nullptr && !known->value.is_missing()) {
    value = known->value;
  }
  return engine::fan_out_keys(value, field.contains);
}

void check_people(FsckRun& run) {
  if (const auto bytes = run.survey.setting(kIndexedFields)) {
    auto indexes = decode_index(*bytes);
    if (!indexes) run.found(kUnreadable, "setting indexed_fields", indexes.error().message);
    for (IndexState& field : indexes ? *indexes : std::vector<IndexState>{}) {
      run.index_numbers.insert(field.number);
      if (!field.dropped) run.indexes.push_back(std::move(field));
    }
  }
  PeopleCheck people(run);
  run.survey.each_row([&](const RowKey& key, std::string_view body) {
    if (!is_nobody(key.user)) people.take(key, body);
  });
  people.end_user();
}

}  // namespace sojourn::runtime
