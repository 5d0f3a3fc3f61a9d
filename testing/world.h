// The little world of one test: the person it is about, a stranger for events `for
// other users`, and a clock that jumps from one due time to the next. A timer due
// at t comes before an event at t. One test, one world, one thread.
#pragma once

#include <vector>

#include "testing/journal.h"
#include "testing/person.h"

namespace sojourn::testing {

class World {
 public:
  // Timers that one test may let come due; a journey that needs more never ends.
  static constexpr int kMaxWakeUps = 100'000;

  World(const TestProgram& program, calendar::ZoneSource& zones, Coverage& coverage);
  // Before anything happens.
  void begin(base::Instant start) { context_.now = start; }

  Person& user() { return user_; }
  Person& other_user() { return other_user_; }
  base::Instant now() const { return context_.now; }
  const std::vector<Occurrence>& journal() const { return journal_; }
  // For what happens from outside.
  Occurrence& record(Occurrence::Kind kind);

  // Everything due by then happens, each at its time. False when kMaxWakeUps were
  // not enough; the test is over.
  bool run_until(base::Instant until);
  // Until nobody waits, and no entry by a date or a condition comes in the 364 days
  // after the call. Schedules go on for ever, so nobody waits for what they bring.
  bool run_to_the_end();

 private:
  // Waits somebody, or does an entry of its own come by then?
  bool goes_on(base::Instant last_entry) const;
  // Lets what is due first, if it is due by then, happen.
  bool wake_first(base::Instant until);

  std::vector<engine::Places> places_;  // of `pace`, by journey
  WorldContext context_;
  std::vector<Occurrence> journal_;
  JournalKeeper about_user_;
  JournalKeeper about_other_user_;
  Person user_{context_, about_user_};
  Person other_user_{context_, about_other_user_};
  int wake_ups_ = 0;
};

}  // namespace sojourn::testing
