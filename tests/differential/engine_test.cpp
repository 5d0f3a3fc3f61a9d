// The engine against the oracle: random programs, and random histories through each. What
// is sent, skipped, written, tracked, entered and left must be the same at the same
// instants, in the same order in each journey.
//
// SOJOURN_ORACLE_LIVES=100000 in the environment is the long form; SOJOURN_ORACLE_SEED starts
// from another seed.
#include <algorithm>
#include <gtest/gtest.h>
#include <tuple>

#include "calendar/tzdata/system_zones.h"
#include "tests/differential/lives.h"
#include "tests/differential/test_run.h"

namespace sojourn::differential {
namespace {

// Of two journeys at one instant the language does not say which acts first.
void sort(std::vector<oracle::Told>& story) {
  std::stable_sort(story.begin(), story.end(), [](const oracle::Told& a, const oracle::Told& b) {
    return std::tie(a.at, a.journey) < std::tie(b.at, b.journey);
  });
}

TEST(EngineAgainstOracle, TheyTellTheSameOfRandomLives) {
  const Lives lives =
      lives_of("SOJOURN_ORACLE_LIVES", {.count = 2'000, .seed = 1, .of_each_program = 8});
  const auto zones = tzdata::SystemZones::open();
  ASSERT_TRUE(zones.has_value());
  constexpr std::int64_t kUser = 4'711;
  const Coverage met =
      compare_lives(lives, **zones, [&](const dsl::Program& program, const History& history) {
        Tellings both{oracle::live(oracle_world(program, **zones, kUser), history.profile,
                                   history.inputs, history.end),
                      live_in_test(program, **zones, kUser, history)};
        sort(both.expected);
        sort(both.found);
        return both;
      });
  if (!HasFailure()) expect_met(met, lives.count);
}

}  // namespace
}  // namespace sojourn::differential
