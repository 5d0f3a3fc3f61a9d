// The harness sees what goes wrong: sinks that lose and double messages, and that no daemon can see
// through, have to be found out by the join of a real run.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/faults/case.h"
#include "tests/faults/drill.h"
#include "tests/faults/hostile_sink.h"
#include "tests/faults/report.h"

namespace sojourn::faults {
namespace {

using e2e::Fate;
using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

constexpr int kMessages = 12;  // of a drill

Case a_case(void (*run)(Context&)) {
  return {.name = "a.case", .injected = "something", .needs = {}, .is_quick = false, .run = run};
}

Tally run(void (*function)(Context&)) {
  Stage stage;
  return run_case(a_case(function), {}, stage);
}

void drill_with(Context& context, Trick trick) {
  HostileSink sink(context.sandbox().port());
  sink.play(trick, kMessages);
  DrillOptions options;
  options.base_url = fmt::format("http://127.0.0.1:{}", sink.port());
  Drill drill(context, options);
  drill.finish("all");
}

TEST(FaultsHarness, FindsNothingWhereNothingIsBroken) {
  const Tally tally = run([](Context& context) { drill_with(context, Trick::kNone); });
  EXPECT_EQ(tally.violations, 0U);
  EXPECT_EQ(tally.runs, 1U);
  EXPECT_THAT(tally.fates, Contains(Pair(Fate::kOk, kMessages)));
}

TEST(FaultsHarness, SeesWhatIsLost) {
  const Tally tally = run([](Context& context) { drill_with(context, Trick::kLie); });
  EXPECT_THAT(tally.fates, Contains(Pair(Fate::kLost, kMessages)));
  EXPECT_EQ(tally.violations, static_cast<std::uint64_t>(kMessages));
}

TEST(FaultsHarness, SeesWhatIsDoubledAndNotInDoubt) {
  const Tally tally = run([](Context& context) { drill_with(context, Trick::kTakeTwice); });
  EXPECT_THAT(tally.fates, Contains(Pair(Fate::kDoubled, kMessages)));
  EXPECT_EQ(tally.violations, static_cast<std::uint64_t>(kMessages));
}

TEST(FaultsHarness, AFailedExpectationIsAViolation) {
  const Tally tally = run([](Context&) { EXPECT_EQ(1, 2) << "in a case"; });
  EXPECT_EQ(tally.violations, 1U);
  EXPECT_THAT(tally.shown, Contains(HasSubstr("in a case")));
}

TEST(FaultsHarness, WhatIsNotRunSaysWhyAndIsNoPass) {
  const Case one = a_case([](Context& context) { context.tally().not_run = "no such machine"; });
  Stage stage;
  const Result result{&one, run_case(one, {}, stage)};
  EXPECT_THAT(table_line(result), HasSubstr("not run: no such machine"));
  EXPECT_THAT(as_markdown({result}), HasSubstr("not run: no such machine"));
  EXPECT_THAT(summary({result}), HasSubstr("0 cases run, 1 not run"));
}

TEST(FaultsHarness, SaysHowLongRestartsTook) {
  const Case one = a_case([](Context&) {});
  Result result{&one, {}};
  for (std::int64_t millis = 100; millis >= 1; --millis) {
    result.tally.restart_millis.push_back(millis);
  }
  EXPECT_THAT(summary({result}), HasSubstr("100 restarts, from exec to serving: p50 50 ms, p99 99 "
                                           "ms, max 100 ms"));
}

}  // namespace
}  // namespace sojourn::faults
