// Holds against each other what the daemon and the sandbox know of one person: every planned
// message, every recorded copy and every notice gets a class, and what none of the records explains
// is a difference. Pure; nothing in it depends on how fast anything went, but that lateness is
// counted.
#pragma once

#include "base/instant.h"
#include "tests/soak/journey.h"
#include "tests/soak/person.h"
#include "tests/soak/tally.h"

namespace sojourn::soak {

// How far the daemon's time and the sandbox's may be apart: both go by the clock of one machine,
// which may be set a little meanwhile.
inline constexpr base::Millis kClocks = base::seconds(1);
// Of a wait that ended by itself: from here on it is counted as late. Nothing fails for it.
inline constexpr base::Millis kLate = base::seconds(1);

// Somebody whose event was acknowledged. Null is who one of the records does not know.
void judge(const Terms& terms, const std::string& email, const DaemonPerson* planned,
           const SandboxPerson* recorded, Tally& tally);

// Somebody of whom no event was sent, and whom a record knows.
void judge_stranger(const std::string& email, Tally& tally);

}  // namespace sojourn::soak
