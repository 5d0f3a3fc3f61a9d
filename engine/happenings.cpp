#include "engine/happenings.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sojourn::engine {
namespace {

// Enrollments begun while this runs are not told: what began them has been seen.
void tell_all(UserInJourneys& user, const Input& input) {
  const std::size_t count = user.enrollment_count();
  for (std::size_t i = 0; i < count; ++i) {
    if (user.is_live(i)) user.move(i, input);
  }
}

}  // namespace

void Happenings::event_arrived(UserInJourneys& user, const EventFact& event) {
  caused_count_ = 0;
  happen(user, event);
  work_off(user);
}

void Happenings::profile_changed(UserInJourneys& user, const std::vector<EventFact>& changes) {
  caused_count_ = 0;
  change(user, changes);
  work_off(user);
}

void Happenings::enrollment_input(UserInJourneys& user, std::size_t enrollment,
                                  const Input& input) {
  caused_count_ = 0;
  user.move(enrollment, input);
  work_off(user);
}

void Happenings::moment_came(UserInJourneys& user) {
  caused_count_ = 0;
  user.look_at_watches();
  work_off(user);
}

bool Happenings::cause_event(EventFact event) {
  if (++caused_count_ > max_caused_events_) return false;
  caused_events_.push_back(std::move(event));
  return true;
}

bool Happenings::cause_change(EventFact change) {
  if (++caused_count_ > max_caused_events_) return false;
  caused_changes_.push_back(std::move(change));
  return true;
}

bool Happenings::cause_entries(std::vector<EventFact> events) {
  if (events.empty()) return true;
  if (++caused_count_ > max_caused_events_) return false;
  std::ranges::move(events, std::back_inserter(caused_events_));
  return true;
}

// One input: exits in the order written, whether an event or the profile fires them.
void Happenings::change(UserInJourneys& user, const std::vector<EventFact>& changes) {
  for (const EventFact& event : changes) user.keep(event);
  for (const EventFact& event : changes) user.meet_goals(event);
  for (const EventFact& event : changes) tell_all(user, EventArrived{event});
  tell_all(user, ProfileChanged{});
  for (const EventFact& event : changes) user.enter_by(event);
  user.look_at_watches();
}

void Happenings::happen(UserInJourneys& user, const EventFact& event) {
  user.keep(event);
  user.meet_goals(event);
  tell_all(user, EventArrived{event});
  user.enter_by(event);
  user.look_at_watches();
}

void Happenings::work_off(UserInJourneys& user) {
  while (profile_change_caused_ || !caused_events_.empty()) {
    if (std::exchange(profile_change_caused_, false)) {
      change(user, std::exchange(caused_changes_, {}));
      continue;
    }
    const EventFact event = std::move(caused_events_.front());
    caused_events_.pop_front();
    user.comes_back(event);
    happen(user, event);
  }
}

}  // namespace sojourn::engine
