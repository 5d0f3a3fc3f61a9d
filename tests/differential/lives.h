// Many random lives, each told twice: what the tests of this folder do.
#pragma once

#include <cstdint>

#include "calendar/zone.h"
#include "tests/differential/difference.h"
#include "tests/differential/random_program.h"

namespace sojourn::differential {

struct Lives {
  std::uint64_t count = 0;
  std::uint64_t seed = 1;
  std::uint64_t of_each_program = 1;
  // Messages are received when they are sent; else nobody asks.
  bool received = true;
};
// The numbers of the environment's SOJOURN_ORACLE_…, or those given.
Lives lives_of(const char* count_variable, Lives otherwise);

// The first life that is told differently fails the test and is explained. Prints how often
// each construct was met.
Coverage compare_lives(const Lives& lives, calendar::ZoneSource& zones, const Tell& tell);

// Fails the test for each of kToBeMet that was met too seldom.
void expect_met(const Coverage& met, std::uint64_t lives);

}  // namespace sojourn::differential
