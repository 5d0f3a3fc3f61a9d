#include "proof/latest_end.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/proof/written.h"

namespace sojourn::proof {
namespace {

using base::days24;
using base::hours;
using base::Millis;

std::optional<Millis> end_of(std::string_view body) {
  return latest_end(test::written(body).timed()).at;
}

// The step that has no end.
std::string endless(std::string_view body) {
  const test::Written journey = test::written(body);
  const LatestEnd end = latest_end(journey.timed());
  EXPECT_FALSE(end.at.has_value());
  return end.at ? std::string() : journey.graph().steps[end.endless].identity;
}

TEST(LatestEnd, AMessageTakesUpToItsDeadline) {
  EXPECT_EQ(end_of("send a within 2h"), hours(2));
  EXPECT_EQ(end_of("send a"), kDefaultDeadline);
}

TEST(LatestEnd, WaitsAddUp) {
  EXPECT_EQ(end_of("wait 24h wait 2d send a within 1h"), hours(24 + 48 + 2 + 1));
}

TEST(LatestEnd, TheLongestWayCounts) {
  EXPECT_EQ(end_of("if user.flag { wait 5h } else { wait 7h }"), hours(7));
  EXPECT_EQ(end_of("split s { 50% x { wait 5h } 50% y { wait 7h wait 1h } }"), hours(8));
  EXPECT_EQ(end_of("send a within 1h else { send b within 3h }"), hours(4));
}

TEST(LatestEnd, AWaitForEndsWithItsTimeout) {
  EXPECT_EQ(end_of("wait for login up to 3d { wait 5h } timeout { wait 2h }"),
            Millis{days24(3).count + hours(5).count});
}

TEST(LatestEnd, AWaitUntilNeedsUpTo) {
  EXPECT_EQ(end_of("wait until user.t up to 10d past continue missing continue"), days24(10));
  EXPECT_EQ(endless("wait 1d wait until user.t past continue missing continue"), "wait until 1");
}

TEST(LatestEnd, AScheduleEndsAfterItsLastRung) {
  EXPECT_EQ(end_of("schedule around user.t up to 30d missing continue {\n"
                   "  3d before { send a within 2h }\n"
                   "  1d after  { send b within 2h }\n"
                   "}"),
            Millis{days24(31).count + hours(2 + 2).count});
  EXPECT_EQ(endless("ladder: schedule around user.t missing continue { 0d after { send a } }"),
            "ladder");
}

TEST(LatestEnd, AnExitCutsTheWayShort) {
  EXPECT_EQ(end_of("if user.flag { wait 9h exit } wait 2h"), hours(9));
}

TEST(LatestEnd, ALoopHasNoEnd) {
  engine::test::GraphBuilder builder;
  const auto at = builder.place("pause");
  const auto again =
      builder.step("again", graph::Branch{{{builder.user("flag"), at}}, graph::kCompleted});
  builder.set(at, graph::Wait{.duration = engine::test::elapsed_hours(1), .at = {}, .next = again});
  const auto timed = timed_graph(builder.build(at));
  const LatestEnd end = latest_end(*timed);
  EXPECT_FALSE(end.at.has_value());
  EXPECT_TRUE(end.endless_by_cycle);
}

TEST(LatestEnd, TheLongestWayTakesAsLongAsItIs) {
  const test::Written journey =
      test::written("if user.flag { wait 5h } else { wait 7h } send a within 1h");
  const Witness witness = longest_way(journey.timed());
  EXPECT_TRUE(witness.completes);
  ASSERT_FALSE(witness.legs.empty());
  EXPECT_EQ(witness.legs.back().left, hours(8));
}

}  // namespace
}  // namespace sojourn::proof
