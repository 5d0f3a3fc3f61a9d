// The engine against the oracle: random programs, and random histories through each. What
// is sent, skipped, written, tracked, entered and left must be the same at the same
// instants, in the same order.
//
// SOJOURN_ORACLE_RUNS=100000 in the environment is the long form; SOJOURN_ORACLE_SEED starts
// from another seed.
#include <cstdlib>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "tests/differential/difference.h"
#include "tests/differential/random_program.h"
#include "tests/differential/test_run.h"

namespace sojourn::differential {
namespace {

constexpr std::uint64_t kHistoriesOfAProgram = 8;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::vector<std::string> journeys_by_api(const dsl::Program& program) {
  std::vector<std::string> out;
  for (const dsl::CompiledJourney& journey : program.journeys) {
    const std::string& name = journey.graph.journey;
    if (program.catalog.find_api_entry(name) != nullptr) out.push_back(name);
  }
  return out;
}

class Comparison {
 public:
  Comparison(calendar::ZoneSource& zones, std::int64_t user) : zones_(zones), user_(user) {}

  std::vector<oracle::Told> expected(const dsl::Program& program, const History& history) const {
    return oracle::live(oracle_world(program, zones_, user_), history.profile, history.inputs,
                        history.end);
  }
  std::vector<oracle::Told> found(const dsl::Program& program, const History& history) const {
    return live_in_test(program, zones_, user_, history);
  }
  bool differs(const Case& about) const {
    const auto program = compile(about.text, zones_);
    return program && expected(*program, about.history) != found(*program, about.history);
  }
  // What differs, in small.
  std::string explain(Case about) const {
    about = shrink(std::move(about), [this](const Case& smaller) { return differs(smaller); });
    const auto program = compile(about.text, zones_);
    return report(about, expected(*program, about.history), found(*program, about.history));
  }

 private:
  calendar::ZoneSource& zones_;
  std::int64_t user_;
};

// `send mail_a {…}` is a `send`, `skip mail_a as late` a `skip as late`.
std::string kind_of(const std::string& what) {
  const std::size_t as = what.rfind(" as ");
  if (what.starts_with("skip")) return "told: skip" + what.substr(as);
  if (what.starts_with("refused")) return "told: " + what;
  return "told: " + what.substr(0, what.find(' '));
}

TEST(EngineAgainstOracle, TheyTellTheSameOfRandomLives) {
  const std::uint64_t runs = from_environment("SOJOURN_ORACLE_RUNS", 2'000);
  const std::uint64_t seed = from_environment("SOJOURN_ORACLE_SEED", 1);
  const auto zones = tzdata::SystemZones::open();
  ASSERT_TRUE(zones.has_value());
  Coverage coverage;
  std::uint64_t done = 0;
  std::uint64_t faulty = 0;
  std::size_t told = 0;
  for (std::uint64_t number = seed; done < runs; ++number) {
    base::SeededRandom random(number);
    const RandomProgram written = random_program(random);
    const auto program = compile(written.text, **zones);
    if (!program) {
      ++faulty;
      continue;
    }
    for (const auto& [construct, times] : written.constructs) coverage[construct] += times;
    const auto by_api = journeys_by_api(*program);
    for (std::uint64_t i = 0; i < kHistoriesOfAProgram; ++i, ++done) {
      const Case about{written.text, random_history(random, by_api, coverage)};
      const Comparison comparison(**zones, static_cast<std::int64_t>(number * 31 + i));
      const auto expected = comparison.expected(*program, about.history);
      for (const oracle::Told& each : expected) ++coverage[kind_of(each.what)];
      told += expected.size();
      if (expected == comparison.found(*program, about.history)) continue;
      FAIL() << "seed " << number << ", history " << i << " of its program\n"
             << comparison.explain(about);
    }
  }
  fmt::print("{} lives in programs from seed {}, {} things told; {} programs had faults\n", done,
             seed, told, faulty);
  for (const auto& [construct, times] : coverage) fmt::print("{:>9}  {}\n", times, construct);
}

}  // namespace
}  // namespace sojourn::differential
