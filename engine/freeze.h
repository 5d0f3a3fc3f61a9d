// A journey whose clock has stood still (docs/decisions/0027-a-clock-that-stands.md). What a
// journey writes as a length goes on from where it was; what hangs on the calendar, on a
// field or on what a person did stays. Nobody is told when a clock stands or goes on: an
// enrollment knows how much of it its instants have in them, and follows the rest when it is
// touched next, before anything else. So its timers never come early, and those that were
// still to come when the clock stopped are still to come for whatever touches it meanwhile.
#pragma once

#include <vector>

#include "engine/enrollment.h"
#include "engine/facts.h"
#include "engine/turn.h"

namespace sojourn::engine {

// For how long the clock has stood that the enrollment has not followed yet.
base::Millis left_to_follow(const Enrollment& enrollment, const FrozenClock& clock);

// Moves what is left of its lengths by as much. Called first in a turn.
void follow_clock(Turn& turn);

// What the enrollment would wait for, were it touched at `now`: for people to read.
Enrollment with_clock_followed(const graph::Graph& graph, Enrollment enrollment, const Facts& facts,
                               base::Instant now);

// Since when conditions hold, as above.
std::vector<HeldSince> held_with_clock_followed(const Enrollment& enrollment,
                                                const FrozenClock& clock);

}  // namespace sojourn::engine
