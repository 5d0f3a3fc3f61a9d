// What the join of a soak adds up, and the first differences that nothing explains. A value.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/instant.h"

namespace sojourn::soak {

// Something that two records say otherwise.
struct Difference {
  std::string email;
  std::string key;  // of the message, where it is about one
  std::string what;
};

// How often a class was met, by its words.
using Classes = std::map<std::string, std::uint64_t, std::less<>>;

struct Tally {
  // Of more it is counted only that there are.
  static constexpr std::size_t kMaxShown = 20;

  // What the three records hold.
  std::uint64_t people = 0;
  std::uint64_t planned = 0;    // messages that a step wanted
  std::uint64_t recorded = 0;   // messages that came, copies included
  std::uint64_t told = 0;       // notices that ended, repeats included
  std::uint64_t worked_in = 0;  // engagements in the logs of people

  // Each person, each planned message, each notice is in one class of these.
  Classes person_classes;
  Classes message_classes;
  Classes notice_classes;

  std::uint64_t doubled = 0;                        // copies beyond the first
  std::uint64_t waits = 0;                          // that ended by themselves
  std::uint64_t late_waits = 0;                     // more than kLate after their time
  base::Millis latest;                              // how late the latest of them was
  std::map<std::string, std::uint64_t> answered;    // notices answered with a 2xx, by event
  std::map<std::string, std::uint64_t> unanswered;  // attempts without an answer, by event

  // What the daemon counts of notices: "emailOpen taken".
  Classes counted_notices;

  std::uint64_t unexplained = 0;
  std::vector<Difference> shown;

  void differ(Difference difference);
};

}  // namespace sojourn::soak
