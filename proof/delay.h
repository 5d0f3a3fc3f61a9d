// How long a step can hold a person: at least, at most. The bounds hold in every
// time zone and at every season, as long as the person's zone stays what it is.
//
// A calendar day is 24 hours and a clock change, which is at most two hours; a month
// is counted out over the calendar (28 to 31 days, 27 to 31 going back). `at` is on
// the day reached, up to a day earlier or later. Values, any thread.
#pragma once

#include <optional>

#include "base/instant.h"
#include "graph/step.h"

namespace sojourn::proof {

// The largest change of the clock within one zone (Antarctica/Troll; elsewhere an hour).
inline constexpr base::Millis kLargestClockChange = base::hours(2);
// No bound: longer than the calendar has years.
inline constexpr base::Millis kForever{1'000'000'000'000'000};
// A message whose step and policy name no deadline.
inline constexpr base::Millis kDefaultDeadline = base::days24(3);

// least <= most. As the place of a moment both may be negative.
struct Delay {
  base::Millis least;
  base::Millis most;
  friend bool operator==(const Delay&, const Delay&) = default;
};

// The sum, or kForever when that is less. `a` may be negative.
base::Millis plus(base::Millis a, base::Millis b);

// From the beginning of a wait to its end.
Delay delay_of(const graph::Duration& duration, std::optional<graph::TimeOfDay> at);
// From T to the moment of a rung; negative before T.
Delay moment_of(const graph::Rung& rung);
// From the moment of `a` to that of `b`, at least, when T stays. Tighter than what
// their two moments say, since what depends on T's time of day cancels.
base::Millis least_between(const graph::Rung& a, const graph::Rung& b);

}  // namespace sojourn::proof
