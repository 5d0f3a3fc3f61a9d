#include "tests/differential/lives.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <utility>

#include "tests/differential/to_be_met.h"

namespace sojourn::differential {
namespace {

// Of the programs that are written, so many have faults at most: the compiler refuses
// them, and nothing is learned of them.
constexpr double kMostFaulty = 0.7;

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

// `send mail_a {…}` is a `send`, `skip mail_a as late` a `skip as late`.
std::string kind_of(const std::string& what) {
  if (what.starts_with("skip")) return "told: skip" + what.substr(what.rfind(" as "));
  if (what.starts_with("refused")) return "told: " + what;
  return "told: " + what.substr(0, what.find(' '));
}

void add(Coverage& to, const Coverage& more) {
  for (const auto& [construct, times] : more) to[construct] += times;
}

void print(const Coverage& met) {
  for (const auto& [construct, times] : met) fmt::print("{:>9}  {}\n", times, construct);
}

// Of the faults, so that nobody writes a construct that is always wrong.
void print_commonest(std::map<std::string, std::size_t> faults) {
  constexpr std::size_t kShown = 12;
  for (std::size_t i = 0; i < kShown && !faults.empty(); ++i) {
    const auto most = std::ranges::max_element(
        faults, {}, &std::map<std::string, std::size_t>::value_type::second);
    fmt::print("{:>9}  times a fault: {}\n", most->second, most->first);
    faults.erase(most);
  }
}

}  // namespace

Lives lives_of(const char* count_variable, Lives otherwise) {
  otherwise.count = from_environment(count_variable, otherwise.count);
  otherwise.seed = from_environment("SOJOURN_ORACLE_SEED", otherwise.seed);
  return otherwise;
}

Coverage compare_lives(const Lives& lives, calendar::ZoneSource& zones, const Tell& tell) {
  Coverage met;
  std::uint64_t done = 0;
  std::uint64_t programs = 0;
  std::uint64_t faulty = 0;
  std::map<std::string, std::size_t> faults;
  for (std::uint64_t seed = lives.seed; done < lives.count; ++seed, ++programs) {
    base::SeededRandom random(seed);
    const RandomProgram written = random_program(random, lives.received);
    const auto program = compile(written.text, zones, &faults);
    if (!program) {
      ++faulty;
      continue;
    }
    add(met, written.constructs);
    const auto by_api = journeys_by_api(*program);
    for (std::uint64_t i = 0; i < lives.of_each_program && done < lives.count; ++i, ++done) {
      const Case about{written.text, random_history(random, by_api, met)};
      Tellings both;
      try {
        both = tell(*program, about.history);
      } catch (const std::exception& broken) {
        ADD_FAILURE() << "seed " << seed << ", life " << i << " of its program: " << broken.what()
                      << '\n'
                      << about.text;
        return met;
      }
      for (const auto* story : {&both.expected, &both.beside}) {
        for (const oracle::Told& each : *story) ++met[kind_of(each.what)];
      }
      if (both.expected == both.found) continue;
      ADD_FAILURE() << "seed " << seed << ", life " << i << " of its program\n"
                    << explain(about, zones, tell);
      return met;
    }
  }
  fmt::print("{} lives in {} programs from seed {}; {} more had faults\n", done, programs - faulty,
             lives.seed, faulty);
  print_commonest(std::move(faults));
  print(met);
  EXPECT_LE(static_cast<double>(faulty), kMostFaulty * static_cast<double>(programs));
  return met;
}

void expect_met(const Coverage& met, std::uint64_t lives) {
  for (const std::string_view construct : kToBeMet) {
    const auto found = met.find(std::string(construct));
    const std::size_t times = found == met.end() ? 0 : found->second;
    EXPECT_GE(1'000.0 * static_cast<double>(times), kLeastOfEach * static_cast<double>(lives))
        << construct << " was met " << times << " times in " << lives << " lives";
  }
}

}  // namespace sojourn::differential
