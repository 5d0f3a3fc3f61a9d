// The life of a user as the engine lives it, on the clock of tests: what the oracle is
// compared with.
#pragma once

#include <vector>

#include "calendar/zone.h"
#include "dsl/program.h"
#include "tests/differential/random_history.h"
#include "tests/oracle/life.h"

namespace sojourn::differential {

// A program as the oracle reads it. Refers to what it is given.
oracle::World oracle_world(const dsl::Program& program, calendar::ZoneSource& zones,
                           std::int64_t user);

std::vector<oracle::Told> live_in_test(const dsl::Program& program, calendar::ZoneSource& zones,
                                       std::int64_t user, const History& history);

}  // namespace sojourn::differential
