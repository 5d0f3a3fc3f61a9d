// The part of a check that is about what leads to people: names, timers, the outbox, the index of
// their fields, events on their way to them. And the counters.
#include <algorithm>
#include <fmt/format.h>

#include "engine/enrollment_fit.h"
#include "runtime/counter_names.h"
#include "runtime/delivery_record.h"
#include "runtime/erasing_forward.h"
#include "runtime/fan_out_record.h"
#include "runtime/find_user.h"
#include "runtime/fsck_run.h"
#include "runtime/keyed_hash.h"
#include "runtime/operation_record.h"
#include "runtime/watch_record.h"

namespace sojourn::runtime {
namespace {

using store::Identity;
using store::RowKind;

std::string_view word_of(Identity::Kind kind) {
  switch (kind) {
    case Identity::Kind::kEmail:
      return "email";
    case Identity::Kind::kUserId:
      return "userId";
    case Identity::Kind::kForgottenEmail:
    case Identity::Kind::kForgottenUserId:
      return "forgotten name";
    case Identity::Kind::kLeavingEmail:
    case Identity::Kind::kLeavingUserId:
      return "leaving name";
  }
  return "";
}

void check_forgotten(FsckRun& run, const Identity& name, const std::string& where) {
  if (run.forgotten_key.empty()) return;
  const auto kind = name.kind == Identity::Kind::kEmail ? Identity::Kind::kForgottenEmail
                                                        : Identity::Kind::kForgottenUserId;
  if (!run.survey.find({kind, keyed_hash(run.forgotten_key, name.value)})) return;
  run.found(kForgotten, where, "somebody has a name that was to be forgotten");
}

void check_identity(FsckRun& run, const store::SurveyedIdentity& identity) {
  const Identity& name = identity.name;
  const std::string_view word = word_of(name.kind);
  // The name itself is nobody's business.
  const std::string where = fmt::format("{} of {}", word, printed_id(identity.user));
  if (word.empty()) {
    return run.found(kMisplaced, printed_id(identity.user),
                     fmt::format("an identity of kind {}", static_cast<int>(name.kind)));
  }
  if (identity.shard != name.shard()) {
    run.found(kMisplaced, where,
              fmt::format("lies under shard {} instead of {}", identity.shard, name.shard()));
  }
  switch (name.kind) {
    case Identity::Kind::kForgottenEmail:
    case Identity::Kind::kForgottenUserId:
      ++run.sums["forgotten_names"];
      if (identity.user != kFsckNobody)
        run.found(kForgotten, where, "a forgotten name is of somebody");
      return;
    case Identity::Kind::kLeavingEmail:
    case Identity::Kind::kLeavingUserId:
      if (run.survey.has_row({identity.user, RowKind::kLeaving, 0})) return;
      return run.found(kIdentity, where, "it leads to a queue that is not there");
    case Identity::Kind::kEmail:
    case Identity::Kind::kUserId:
      if (!run.has_head(identity.user)) run.found(kNobodys, where, "it leads to nobody");
      return check_forgotten(run, name, where);
  }
}

void check_timer(FsckRun& run, const store::TimerKey& timer) {
  const std::string where =
      fmt::format("timer of {} enrollment {}", printed_id(timer.user), timer.enrollment);
  const store::RowKey key{
      timer.user, timer.enrollment == 0 ? RowKind::kWatch : RowKind::kEnrollment, timer.enrollment};
  const auto body = run.survey.row(key);
  if (!body) return run.found(kNobodys, where, "nothing rests there");
  std::optional<base::Instant> due;
  if (timer.enrollment == 0) {
    const auto watches = decode_watches(*body, run.no_plan);
    if (!watches) return;
    due = watches->due;
  } else {
    // What cannot be read was found with the rows of its user.
    const auto version = engine::stored_version(*body);
    const auto journey = version ? run.journeys.find(*version) : run.journeys.end();
    if (journey == run.journeys.end()) return;
    const auto enrollment = engine::read_enrollment(*body, timer.user.packed(), timer.enrollment,
                                                    journey->second.graph, journey->second.numbers);
    if (!enrollment) return;
    due = enrollment->next_due();
  }
  if (due == timer.due) return;
  run.found(kTimer, where,
            fmt::format("is due at {}, and what rests there at {}", timer.due.millis,
                        due ? std::to_string(due->millis) : std::string("no time")));
}

std::string name_of(const store::DeliveryKey& key) {
  return fmt::format("delivery {} of {}", key.message.hex(), printed_id(key.user));
}

// Forwards of one user leave one after another: the others are held back by the first. Takes all
// deliveries in the order of their keys, so those of a user in a row.
class ForwardsCheck {
 public:
  explicit ForwardsCheck(FsckRun& run) : run_(run) {}

  void take(const store::Delivery& delivery, const DeliveryRecord* record) {
    if (!user_ || *user_ != delivery.key.user) end_user();
    user_ = delivery.key.user;
    if (delivery.next_attempt != kHeldBack) {
      any_leaves_ = true;
      held_back_ = {};
    } else if (record != nullptr && record->kind == DeliveryRecord::Kind::kForward &&
               !any_leaves_) {
      held_back_.push_back(delivery.key.message);
    }
  }
  // After the last delivery, too.
  void end_user() {
    for (const base::Hash128& message : held_back_) {
      run_.found(kStranded, name_of({*user_, message}),
                 "waits for another of its user, and there is none");
    }
    held_back_ = {};
    any_leaves_ = false;
  }

 private:
  FsckRun& run_;
  std::optional<store::UserId> user_;
  bool any_leaves_ = false;
  std::vector<base::Hash128> held_back_;  // while none is known that leaves
};

void check_held(FsckRun& run, const store::Delivery& delivery, const DeliveryRecord& record,
                const std::string& where) {
  if (record.kind == DeliveryRecord::Kind::kForward || delivery.next_attempt != kHeldBack) return;
  if (run.held_deliveries.contains(delivery.key)) return;
  run.found(kHeld, where, "is held back, and has no place in a queue");
}

void check_delivery(FsckRun& run, const store::Delivery& delivery, ForwardsCheck& forwards) {
  const std::string where = name_of(delivery.key);
  run.expect_given(delivery.key.user, where);
  const auto record = decode_delivery(delivery.body);
  forwards.take(delivery, record ? &*record : nullptr);
  if (!record) return run.found(kUnreadable, where, record.error().message);
  const bool goes_on = record->kind == DeliveryRecord::Kind::kForward;
  if (goes_on) {
    ++run.sums["forwards_waiting"];
  } else if (!run.has_head(delivery.key.user)) {
    run.found(kNobodys, where, "whom it is for is not there");
  }
  if (record->parked) {
    ++run.open_ends["parked"];
    if (!delivery.next_attempt && !record->doubt) {
      run.found(kTwice, where, "is parked without a doubt");
    }
  }
  if (record->kind == DeliveryRecord::Kind::kMessage) {
    ++run.open_ends[counter_name({"planned", record->journey, record->subject})];
  } else if (record->kind == DeliveryRecord::Kind::kCall) {
    ++run.open_ends[counter_name({"calls", record->subject})];
  }
  check_held(run, delivery, *record, where);
}

void check_users(FsckRun& run, const store::FanOutRow& row, const std::string& where) {
  const auto users = decode_users(row.body);
  if (!users) return run.found(kUnreadable, where, users.error().message);
  for (const store::UserId user : *users) {
    if (!run.has_head(user)) run.found(kNobodys, where, printed_id(user) + " is nobody");
  }
  if (!run.survey.has_fan_out({row.key.number, 0})) run.found(kFanOut, where, "has no event");
}

// What holds after every commit, of what begins and ends: by the first part of the names.
struct Flows {
  std::map<std::string, std::int64_t, std::less<>> begun;
  std::map<std::string, std::int64_t, std::less<>> ended;

  void add(std::string_view name, std::int64_t value) {
    const auto parts = counter_parts(name);
    const bool is_call = parts.size() == 3 && parts[0] == "calls";
    if (parts[0] == "entered" && parts.size() == 2) {
      begun[std::string(name)] += value;
    } else if (parts[0] == "inside" || parts[0] == "exited") {
      if (parts.size() > 1) ended[counter_name({"entered", parts[1]})] += value;
    } else if (parts[0] == "planned") {
      begun[std::string(name)] += value;
    } else if ((parts[0] == "accepted" || parts[0] == "skipped") && parts.size() > 2) {
      ended[counter_name({"planned", parts[1], parts[2]})] += value;
    } else if (is_call && parts[2] == "planned") {
      begun[counter_name({"calls", parts[1]})] += value;
    } else if (is_call) {
      ended[counter_name({"calls", parts[1]})] += value;
    } else if (parts[0] == "parked") {
      begun["parked"] += value;
    }
  }
};

bool is_gauge(std::string_view name) {
  const std::string_view family = counter_parts(name).front();
  return family == "inside" || family == "operation" || family == "held_back" ||
         family == "dead_letters_kept" || family == "tombstones_waiting" ||
         family == "erasures_leaving" || family == "forgotten_names" ||
         family == "forwards_waiting";
}

}  // namespace

void check_identities(FsckRun& run) {
  run.survey.each_identity([&](const store::SurveyedIdentity& identity) {
    ++run.report.identities;
    check_identity(run, identity);
  });
  if (run.sums["forgotten_names"] > 0 && run.forgotten_key.empty()) {
    run.found(kForgotten, "setting forgotten_names_key",
              "the key of the forgotten names is missing: nothing tells them any more");
  }
}

void check_timers(FsckRun& run) {
  run.survey.each_timer([&](const store::TimerKey& timer) {
    ++run.report.timers;
    check_timer(run, timer);
  });
}

void check_deliveries(FsckRun& run) {
  ForwardsCheck forwards(run);
  run.survey.each_delivery([&](const store::Delivery& delivery) {
    ++run.report.deliveries;
    check_delivery(run, delivery, forwards);
  });
  forwards.end_user();
}

void check_field_values(FsckRun& run) {
  run.survey.each_field_value([&](const store::SurveyedValue& value) {
    const store::FieldValue& entry = value.entry;
    const std::string where = fmt::format("index {} of {}", entry.field, printed_id(entry.user));
    if (value.shard != entry.shard()) run.found(kMisplaced, where, "lies under another shard");
    if (!run.index_numbers.contains(entry.field)) {
      return run.found(kFieldIndex, where, "no field has this number");
    }
    const auto field = std::ranges::find(run.indexes, entry.field, &IndexState::number);
    if (field == run.indexes.end()) return;  // being dropped
    const auto head = run.survey.row({entry.user, RowKind::kHead, 0});
    if (!head) return run.found(kNobodys, where, "it leads to nobody");
    const auto keys = index_keys(*field, *head);
    if (std::ranges::find(keys, entry.value) != keys.end()) return;
    run.found(kFieldIndex, where, fmt::format("`{}` does not read so", field->name));
  });
}

void check_fan_outs(FsckRun& run) {
  std::map<std::uint64_t, std::pair<bool, std::uint32_t>> events;  // wants parts; has so many
  run.survey.each_fan_out([&](const store::FanOutRow& row) {
    const std::string where = fmt::format("fan-out {} part {}", row.key.number, row.key.part);
    auto& [wants_parts, parts] = events[row.key.number];
    if (row.key.part > 0) {
      ++parts;
      return check_users(run, row, where);
    }
    const auto event = decode_fanned_event(row.body);
    if (!event) return run.found(kUnreadable, where, event.error().message);
    wants_parts = event->parts > 0;
  });
  for (const auto& [number, parts] : events) {
    if (parts.first && parts.second == 0) {
      run.found(kFanOut, fmt::format("fan-out {}", number), "has no part left, and is not over");
    }
  }
}

void check_sums(FsckRun& run) {
  Flows flows;
  std::map<std::string, std::int64_t, std::less<>> gauges;
  run.survey.each_counter([&](std::string_view name, std::int64_t value) {
    flows.add(name, value);
    if (is_gauge(name)) gauges[std::string(name)] = value;
  });
  const auto expect = [&](const std::string& name, std::int64_t says, std::int64_t is) {
    if (says == is) return;
    run.found(kCounter, name, fmt::format("says {}, and the rows say {}", says, is));
  };
  for (const auto& [name, sum] : run.sums) gauges.try_emplace(name, 0);
  for (const auto& [name, value] : gauges) {
    const auto sum = run.sums.find(name);
    expect(name, value, sum == run.sums.end() ? 0 : sum->second);
  }
  for (const auto& [name, open] : run.open_ends) flows.ended[name] += open;
  for (const auto& [name, ended] : flows.ended) flows.begun.try_emplace(name, 0);
  for (const auto& [name, begun] : flows.begun) {
    const auto ended = flows.ended.find(name);
    expect(name, begun, ended == flows.ended.end() ? 0 : ended->second);
  }
}

}  // namespace sojourn::runtime
