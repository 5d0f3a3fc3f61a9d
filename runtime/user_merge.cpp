// Two users who turn out to be one (docs/decisions/0042): what is known of the source becomes part
// of the other's life. Numbers of the source's enrollments and events are of its own, so all of
// them change: enrollments count on behind the other's, and the events of both are numbered anew
// in the order in which they came.
#include <absl/container/flat_hash_map.h>
#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "engine/reentry.h"
#include "graph/built_in.h"
#include "graph/engagement.h"
#include "graph/history.h"
#include "runtime/program.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {
namespace {

using NewNumbers = absl::flat_hash_map<std::uint64_t, std::uint64_t>;

// No event has this number, so it is the number of none that is kept.
constexpr std::uint64_t kNoEvent = 0;

// An event about a message says by whose enrollment it was sent.
void raise_enrollment(engine::EventFact& event, std::uint32_t by) {
  if (graph::told(event.name) == event.name) return;
  for (auto& [name, value] : event.fields) {
    if (name != graph::kEnrollmentField || value.kind() != graph::Value::Kind::kInteger) continue;
    value = graph::Value(value.as_integer() + by);
  }
}

struct Came {
  engine::EventFact event;
  bool is_theirs = false;
};

// In the order in which they came; of one instant, this user's first.
std::vector<Came> in_order(const std::vector<engine::EventFact>& ours,
                           const std::vector<engine::EventFact>& theirs, std::uint32_t added) {
  std::vector<Came> all;
  all.reserve(ours.size() + theirs.size());
  for (const engine::EventFact& event : ours) all.push_back({event, false});
  for (const engine::EventFact& event : theirs) {
    all.push_back({event, true});
    raise_enrollment(all.back().event, added);
  }
  std::ranges::stable_sort(all, {}, [](const Came& came) { return came.event.arrived_at; });
  return all;
}

// Of each type the newest that a user may keep.
void keep_newest(std::vector<Came>& all) {
  absl::flat_hash_map<std::string_view, std::size_t> left;
  for (const Came& came : all) ++left[came.event.name];
  std::vector<Came> kept;
  kept.reserve(all.size());
  for (const Came& came : all) {
    if (left[came.event.name]-- <= graph::kMaxKeptEvents) kept.push_back(came);
  }
  all = std::move(kept);
}

// Of both, what came later of each reason; the last of all stands last.
void join(PastEnrollment& ours, const PastEnrollment& theirs, std::uint32_t their_number) {
  const bool theirs_is_last = ours.ends.back().at < theirs.ends.back().at;
  std::vector<PastEnd> ends = ours.ends;
  std::ranges::copy(theirs.ends, std::back_inserter(ends));
  std::ranges::stable_sort(ends, {}, &PastEnd::at);
  ours.ends.clear();
  for (PastEnd& end : ends) ours.add_end(std::move(end));
  ours.ended += theirs.ended;
  if (!theirs_is_last) return;
  ours.number = their_number;
  ours.restarts = theirs.restarts;
}

}  // namespace

// What an enrollment says of events by number.
struct UserState::EventNumbers {
  NewNumbers ours;
  NewNumbers theirs;

  void apply(engine::Enrollment& enrollment, bool is_theirs) const {
    const NewNumbers& numbers = is_theirs ? theirs : ours;
    const auto now = [&](std::uint64_t before) {
      const auto found = numbers.find(before);
      if (found != numbers.end()) return found->second;
      // Another event has the number of one of theirs that is not kept.
      return is_theirs ? kNoEvent : before;
    };
    enrollment.entry_event = now(enrollment.entry_event);
    for (std::uint64_t& used : enrollment.used_events) used = now(used);
    std::erase(enrollment.used_events, kNoEvent);
  }
};

UserState::EventNumbers UserState::take_history(const UserState& source, std::uint32_t added) {
  EventNumbers numbers;
  if (source.history_.empty()) return numbers;
  UserHead& head = change_head();
  // Above every number that either has given out.
  std::uint64_t next = head.next_event + source.head_.next_event;
  std::vector<Came> all = in_order(history_, source.history_, added);
  keep_newest(all);
  for (const engine::EventFact& event : history_) forget(event);
  history_.clear();
  for (Came& came : all) {
    (came.is_theirs ? numbers.theirs : numbers.ours).emplace(came.event.number, next);
    came.event.number = next++;
    if (came.is_theirs) watches_.event_kept(program_->watch_plan(), came.event.name);
    history_.push_back(std::move(came.event));
  }
  head.next_event = next;
  return numbers;
}

// Gives the numbers of those that end, because this user is in the journey already.
std::vector<std::uint32_t> UserState::take_seats(const UserState& source,
                                                 const EventNumbers& numbers, std::uint32_t added) {
  for (auto* seats : {&seats_, &measured_}) {
    for (Seat& seat : *seats) numbers.apply(seat.enrollment, false);
  }
  const auto as_ours = [&](const Seat& theirs) {
    Seat seat{theirs.journey, theirs.enrollment, {}, {}, theirs.ended_at};
    seat.enrollment.user = id_.packed();
    seat.enrollment.number += added;
    numbers.apply(seat.enrollment, true);
    return seat;
  };
  std::vector<std::uint32_t> doubles;
  for (const Seat& theirs : source.seats_) {
    Seat seat = as_ours(theirs);
    const bool is_live = !seat.enrollment.exit_reason;
    if (is_live && find_inside(seat.enrollment.unit) != nullptr) {
      doubles.push_back(seat.enrollment.number);
    }
    seats_.push_back(std::move(seat));
  }
  std::ranges::transform(source.measured_, std::back_inserter(measured_), as_ours);
  return doubles;
}

void UserState::take_past(const UserState& source, std::uint32_t added) {
  for (const KeptPast& theirs : source.past_) {
    const auto ours = std::ranges::find(past_, theirs.past.unit,
                                        [](const KeptPast& kept) { return kept.past.unit; });
    if (ours != past_.end()) {
      join(ours->past, theirs.past, theirs.past.number + added);
      ours->changed = true;
      continue;
    }
    KeptPast kept{theirs.row + added, theirs.past, true};
    kept.past.number += added;
    past_.push_back(std::move(kept));
  }
}

void UserState::take_sent(const UserState& source) {
  if (source.sent_.empty()) return;
  std::ranges::copy(source.sent_, std::back_inserter(sent_));
  std::ranges::stable_sort(sent_, {}, &engine::SentMessage::at);
  sent_changed_ = true;
}

// Where both have a value this user's stays.
void UserState::take_profile(const UserState& source) {
  for (const ProfileField& field : source.head_.fields) {
    const ProfileField* known = head_.find(field.name);
    const bool is_there = known != nullptr && !known->value.is_missing();
    if (is_there || field.value.is_missing() || keeps_consent(field.name)) continue;
    set_field(field);
  }
  for (const std::string& list : source.head_.lists) set_on_list(list, true);
}

void UserState::take_log(const UserState& source, std::uint32_t added) {
  for (LogRecord record : source.log_) {
    if (record.enrollment != 0) record.enrollment += added;
    log_.push_back(std::move(record));
  }
}

UserState::TakenLife UserState::take_life(UserState& source) {
  TakenLife taken;
  taken.added = head_.next_enrollment - 1;
  const EventNumbers numbers = take_history(source, taken.added);
  taken.doubles = take_seats(source, numbers, taken.added);
  take_past(source, taken.added);
  take_sent(source);
  take_profile(source);
  watches_.join(source.watches_);
  take_log(source, taken.added);
  change_head().next_enrollment += source.head_.next_enrollment - 1;
  source.dissolve();
  source.is_taken_ = true;
  return taken;
}

// Beside what goes of everybody who is gone. The log goes with MovedLogs.
void UserState::write_taken(store::Commit& commit) const {
  const auto remove = [&](store::RowKind kind, std::uint64_t number) {
    commit.remove_rows.push_back(key(kind, number));
  };
  for (const Seat& seat : seats_) {
    if (!seat.stored_body.empty()) remove(store::RowKind::kEnrollment, seat.enrollment.number);
  }
  for (const Seat& seat : measured_) {
    if (!seat.stored_body.empty()) remove(store::RowKind::kMeasured, seat.enrollment.number);
  }
  for (const std::uint64_t number : unmeasured_rows_) remove(store::RowKind::kMeasured, number);
  for (const KeptPast& kept : past_) remove(store::RowKind::kPast, kept.row);
  for (const std::uint64_t number : dropped_events_) remove(store::RowKind::kEvent, number);
  for (const engine::EventFact& event : history_) {
    if (event.number <= last_stored_event_) remove(store::RowKind::kEvent, event.number);
  }
  if (sent_bytes_ > 0) remove(store::RowKind::kSent, 0);
}

}  // namespace sojourn::runtime
