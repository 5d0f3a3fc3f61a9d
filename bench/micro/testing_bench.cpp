// Tests of journeys, as `sojourn test` runs them: one thread here, so two cores do
// about twice as many. One test follows a person through all twenty steps; one
// through ten years of yearly waits. Compiling the tests is measured beside it.
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <string>

#include "base/check.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "testing/runner.h"

namespace sojourn::testing {
namespace {

constexpr std::string_view kWorld = R"(
user { plan "free" | "trial" | "pro", seats integer, stage string, endsAt timestamp }
event signup { plan string, seats integer }
event login
event purchase { amount number }
message_type news = 1 marketing opt_in
campaign m1 = 1 email news { data { plan string } }
campaign m2 = 2 email news
campaign m3 = 3 push  news
campaign m4 = 4 email news
campaign m5 = 5 email news
policy { timezone user.timeZone default "America/New_York" }
)";

// Twenty steps, all on the way of the test.
constexpr std::string_view kTwentySteps = R"(
journey trial {
  enter on signup where event.seats < 500
  exit  on purchase where event.amount > 10 as bought
  exit  when user.plan == "free" as downgraded
  send m1 with { plan: entry.plan }
  update user { stage: "one" }
  wait 1d at 09:00
  wait for login up to 2d {
    split first_feature { 50% a { send m2 } 50% b {} }
  } timeout { send m3 }
  update user { stage: "two" }
  let seats = user.seats default 1
  if seats > 5 { wait 3d } else { wait 1d }
  match user.plan default "trial" { "trial" { wait 12h } else { exit as upgraded } }
  wait until monday_nine past continue
  wait 2d
  ladder: schedule around user.endsAt up to 60d missing exit as no_date {
    3d before at 10:00 { send m4 wait 1h }
    1d after           { send m5 }
  }
  update user { stage: "three" }
  wait 1w
}
let monday_nine = 2026-03-16T09:00[Europe/Berlin]
)";

constexpr std::string_view kTwentyStepTest = R"(
test trial "number {}" {{
  at     2026-03-02T10:00[Europe/Berlin]
  user   {{ email: "p{}@example.com", timeZone: "Europe/Berlin", plan: "trial", seats: 25,
           endsAt: 2026-04-01T10:00[Europe/Berlin] }}
  subscribed news
  assign first_feature a
  event  signup {{ plan: "pro", seats: 25 }}
  expect send m1 {{ plan: "pro" }}
  expect at wait 1
  after  1d
  event  login
  expect send m2
  to the end
  expect send m4
  expect send m5
  expect exit completed
}}
)";

constexpr std::string_view kTenYears = R"(
journey decade {
  enter on signup
  y1: wait 1y y2: wait 1y y3: wait 1y y4: wait 1y y5: wait 1y
  y6: wait 1y y7: wait 1y y8: wait 1y y9: wait 1y y10: wait 1y
}
test decade "ten years" {
  at 2026-03-02T10:00Z
  event signup { plan: "pro", seats: 1 }
  to the end
  expect exit completed
}
)";

// A file each thousand.
std::vector<std::string> many_tests(std::int64_t count) {
  std::vector<std::string> files;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i % 1'000 == 0) files.emplace_back();
    files.back() += fmt::format(fmt::runtime(kTwentyStepTest), i, i);
  }
  return files;
}

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

dsl::Program compiled(std::string_view journey, const std::vector<std::string>& tests) {
  std::vector<dsl::SourceText> sources = {{"world.journey", std::string(kWorld)},
                                          {"journey.journey", std::string(journey)}};
  for (const std::string& file : tests) {
    sources.push_back({fmt::format("tests_{}.journey", sources.size()), file});
  }
  auto compilation = dsl::compile(sources, zones());
  SOJOURN_CHECK(compilation.program.has_value(), "a benchmark's program is without faults");
  return std::move(*compilation.program);
}

void run(benchmark::State& state, const dsl::Program& program) {
  const TestProgram tested(program);
  Coverage coverage(tested);
  std::vector<const dsl::TestPlan*> plans;
  for (const dsl::TestPlan& plan : program.tests) plans.push_back(&plan);
  const std::vector<TestRun> runs = runs_of(plans);
  for (auto _ : state) {
    for (const TestRun& each : runs) {
      const TestResult result = run_test(tested, each, zones(), coverage);
      SOJOURN_CHECK(!result.failure, "a benchmark's tests pass");
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(runs.size()));
}

void run_tests_of_twenty_steps(benchmark::State& state) {
  run(state, compiled(kTwentySteps, many_tests(state.range(0))));
}
BENCHMARK(run_tests_of_twenty_steps)->Arg(10'000)->Unit(benchmark::kMillisecond);

void run_a_test_of_ten_years(benchmark::State& state) {
  run(state, compiled(kTenYears, {}));
}
BENCHMARK(run_a_test_of_ten_years)->Unit(benchmark::kMicrosecond);

void compile_tests_of_twenty_steps(benchmark::State& state) {
  const std::vector<std::string> tests = many_tests(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(compiled(kTwentySteps, tests));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(compile_tests_of_twenty_steps)->Arg(10'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sojourn::testing
