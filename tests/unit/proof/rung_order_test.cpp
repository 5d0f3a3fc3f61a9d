#include "proof/rung_order.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/proof/written.h"

namespace sojourn::proof {
namespace {

using engine::test::calendar_days;

graph::Schedule schedule(std::vector<std::pair<graph::Duration, bool>> rungs) {
  graph::Schedule out;
  for (const auto& [offset, before] : rungs) {
    out.rungs.push_back({.offset = offset, .before = before, .at = {}, .body = graph::kCompleted});
  }
  return out;
}

TEST(RungOrder, RungsOfOtherDaysStandAlone) {
  const auto rungs =
      schedule({{calendar_days(3), true}, {calendar_days(1), true}, {calendar_days(1), false}});
  const RungOrder order(rungs);
  for (std::uint32_t rung = 0; rung < 3; ++rung) {
    EXPECT_EQ(order.group_of(rung).first, rung);
    EXPECT_EQ(order.group_of(rung).end, rung + 1);
  }
}

TEST(RungOrder, AMonthAndThirtyDaysMayComeEitherWayRound) {
  const RungOrder order(
      schedule({{{1, 0, 0}, true}, {calendar_days(30), true}, {calendar_days(1), true}}));
  EXPECT_EQ(order.group_of(0).first, 0U);
  EXPECT_EQ(order.group_of(0).end, 2U);
  EXPECT_EQ(order.group_of(1).first, 0U);
  EXPECT_EQ(order.group_of(2).first, 2U);
}

TEST(RungOrder, TStaysWhenTheProfileIsNotRead) {
  const auto stays_around = [](std::string_view moment) {
    const test::Written journey = test::written("x: schedule around " + std::string(moment) +
                                                " up to 9d missing exit { 1d after { send a } }");
    return stays(journey.graph(),
                 std::get<graph::Schedule>(journey.graph().steps[journey.step("x")].action));
  };
  EXPECT_TRUE(stays_around("entry.t + 1d"));
  EXPECT_FALSE(stays_around("user.t + 1d"));
}

TEST(RungOrder, TheLastBeginningIsAfterTheLatestT) {
  graph::Schedule rungs = schedule({{calendar_days(3), true}, {calendar_days(1), false}});
  EXPECT_EQ(latest_begin(rungs, rungs.rungs[1]), kForever);
  rungs.up_to = base::days24(2);
  // Three days before the latest T is before the arrival.
  EXPECT_EQ(latest_begin(rungs, rungs.rungs[0]), base::Millis{0});
  EXPECT_EQ(latest_begin(rungs, rungs.rungs[1]),
            base::Millis{base::days24(3).count + base::hours(2).count});
  EXPECT_EQ(latest_rest(rungs), latest_begin(rungs, rungs.rungs[1]));
}

}  // namespace
}  // namespace sojourn::proof
