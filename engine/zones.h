// The zones that times of a journey go by.
#pragma once

#include "calendar/zone.h"
#include "engine/decision.h"
#include "engine/evaluate.h"

namespace sojourn::engine {

// The scope's own zone, if it has one; else the first link of the journey's
// chain that names a zone we know. UTC when no link does, which a checked
// program rules out: its last link is a valid name.
const calendar::Zone& journey_zone(const Scope& scope);

// The zone of the person, by which quiet hours go; found in the same way.
const calendar::Zone& person_zone(const Scope& scope);

// The same, with the link that gave it, for people to read.
ZoneUsed journey_zone_used(const Scope& scope);
ZoneUsed person_zone_used(const Scope& scope);

}  // namespace sojourn::engine
