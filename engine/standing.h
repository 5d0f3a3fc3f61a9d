// Conditions that stand while a person rests: `exit when`, and those of a `wait
// for`. An event or a change of the profile makes the engine look at them again;
// what time alone makes true (`no login within 7d`) needs a timer of its own, and so
// does one that has to hold for some time (`exit when … for 2d`), or stops to.
#pragma once

#include <optional>

#include "engine/evaluate.h"
#include "engine/turn.h"

namespace sojourn::engine {

// The first instant after the scope's `now`, and before `until`, at which the answer of
// `condition` is `wanted`, if nothing happens until then. Of a condition that would need
// more than kMaxInstantsLookedAt instants to be looked at, or more than kDaysLookedAhead days
// of the clock, the last of them is given: look again then.
inline constexpr std::size_t kMaxInstantsLookedAt = 64;
std::optional<base::Instant> next_answer(const Scope& scope, graph::ExprId condition, bool wanted,
                                         base::Instant until);

// Arms the one timer, of purpose kCondition, for the instant at which some standing
// condition first holds if nothing happens until then, or one that has to hold for
// some time has done so or no longer holds; replaces the one before. Called last in a
// turn.
void arm_conditions(Turn& turn);

// Follows, for `exit when … for D`, what time alone has made of the conditions since
// that timer was due: however late it is dealt with, the exit comes out the same.
// Called first in a turn; nothing else can have happened since, as every input ends
// with arm_conditions.
void follow_time(Turn& turn);

}  // namespace sojourn::engine
