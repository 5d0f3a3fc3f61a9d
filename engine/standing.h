// Conditions that stand while a person rests: `exit when`, and those of a `wait
// for`. An event or a change of the profile makes the engine look at them again;
// what time alone makes true (`no login within 7d`) needs a timer of its own.
#pragma once

#include "engine/turn.h"

namespace sojourn::engine {

// Arms the one timer, of purpose kCondition, for the instant at which some standing
// condition first holds if nothing happens until then; replaces the one before.
// Called last in a turn. Of a condition that would need more than
// kMaxInstantsLookedAt instants to be looked at, the last of them is taken: it is
// looked at again then.
inline constexpr std::size_t kMaxInstantsLookedAt = 64;
void arm_conditions(Turn& turn);

}  // namespace sojourn::engine
