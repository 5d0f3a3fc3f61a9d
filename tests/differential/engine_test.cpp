// The engine against the oracle: random programs, and random histories through each. What
// is sent, skipped, written, tracked, entered and left must be the same at the same
// instants, in the same order in each journey.
//
// SOJOURN_ORACLE_LIVES=100000 in the environment is the long form; SOJOURN_ORACLE_SEED starts
// from another seed.
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <sstream>
#include <tuple>

#include "calendar/tzdata/system_zones.h"
#include "tests/differential/lives.h"
#include "tests/differential/test_run.h"
#include "tests/differential/to_be_met.h"

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
                      live_in_test(program, **zones, kUser, history),
                      {}};
        // Counts of people are the daemon's.
        const auto counted = std::ranges::stable_partition(
            both.expected,
            [](const oracle::Told& told) { return !told.what.starts_with("measure"); });
        both.beside.assign(counted.begin(), counted.end());
        both.expected.erase(counted.begin(), counted.end());
        sort(both.expected);
        sort(both.found);
        return both;
      });
  if (!HasFailure()) expect_met(met, lives.count);
}

// The names in the second column of the table.
std::set<std::string> names_in_the_page() {
  std::ifstream page(SOJOURN_SOURCE_DIR "/docs/testing.md");
  std::set<std::string> names;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "<!-- random lives -->") inside = true;
    if (line == "<!-- end of random lives -->") inside = false;
    if (!inside || !line.starts_with("| ")) continue;
    const std::size_t begin = line.find('|', 1);
    const std::size_t end = line.find('|', begin + 1);
    std::istringstream cell(line.substr(begin, end - begin));
    std::string name;
    while (std::getline(cell, name, '`') && std::getline(cell, name, '`')) names.insert(name);
  }
  return names;
}

TEST(EngineAgainstOracle, ThePageHasTheNamesOfWhatIsMet) {
  EXPECT_EQ(names_in_the_page(), std::set<std::string>(kToBeMet.begin(), kToBeMet.end()));
}

}  // namespace
}  // namespace sojourn::differential
