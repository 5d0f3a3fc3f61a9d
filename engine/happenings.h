// What happens to one user, in the order of the language (section 7): profile and
// history first, then goals, then exits and waits of those who are inside, then entries; and
// after that whatever came of it: entries that the user was watched for, and what the
// journeys themselves caused, profile changes before events. A change that some journey looks out
// for is an event as well, of the same moment. Said here for everybody who runs people through
// journeys; who keeps the enrollments, and what becomes of the effects, is the
// caller's.
//
// One Happenings serves one user at a time and keeps nothing between calls. Pure;
// one thread.
#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "engine/facts.h"
#include "engine/input.h"

namespace sojourn::engine {

// The user as the caller keeps them.
class UserInJourneys {
 public:
  virtual ~UserInJourneys() = default;
  // Grows when an event enters a journey; does not shrink while an input is worked off.
  virtual std::size_t enrollment_count() const = 0;
  virtual bool is_live(std::size_t enrollment) const = 0;
  // Moves the enrollment and carries out what it asks for.
  virtual void move(std::size_t enrollment, const Input& input) = 0;
  // Keeps the event for journeys that may look back at it.
  virtual void keep(const EventFact& event) = 0;
  // Lets all enrollments, those that have ended too, look whether it meets their goals.
  virtual void meet_goals(const EventFact& event) = 0;
  // Begins an enrollment in every journey that the event enters, in their order.
  virtual void enter_by(const EventFact& event) = 0;
  // Looks at what the user is watched for (watches.h), and causes the events of what has
  // come.
  virtual void look_at_watches() = 0;
  // An event that a journey tracked, or an entry that it started, is about to arrive.
  virtual void comes_back(const EventFact& event) = 0;
};

class Happenings {
 public:
  // Events that one input may cause.
  explicit Happenings(std::size_t max_caused_events) : max_caused_events_(max_caused_events) {}

  // Each works off all that it causes before it returns.
  void event_arrived(UserInJourneys& user, const EventFact& event);
  // `changes`: of the fields whose changes some journey looks out for.
  void profile_changed(UserInJourneys& user, const std::vector<EventFact>& changes = {});
  // A timer of the enrollment is due, or a delivery of it has ended.
  void enrollment_input(UserInJourneys& user, std::size_t enrollment, const Input& input);

  // Something that the user is watched for is due.
  void moment_came(UserInJourneys& user);

  // For the caller, while it carries out effects: fields of the profile changed, or
  // what the user belongs to.
  void cause_profile_change() { profile_change_caused_ = true; }
  // Each false when the input at hand has caused as many events as it may; this one is
  // dropped. A change goes with the profile change that was caused.
  bool cause_event(EventFact event);
  bool cause_change(EventFact change);
  // All that one look at what the user is watched for has found. They count as one: however many
  // journeys wait for the same moment, each of them is entered, and what goes round in a circle
  // comes to its end all the same.
  bool cause_entries(std::vector<EventFact> events);

 private:
  void happen(UserInJourneys& user, const EventFact& event);
  void change(UserInJourneys& user, const std::vector<EventFact>& changes);
  void work_off(UserInJourneys& user);

  std::size_t max_caused_events_;
  std::size_t caused_count_ = 0;
  std::deque<EventFact> caused_events_;
  std::vector<EventFact> caused_changes_;
  bool profile_change_caused_ = false;
};

}  // namespace sojourn::engine
