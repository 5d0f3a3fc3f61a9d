// The most messages, construct by construct.
#include "proof/most_sends.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <type_traits>
#include <utility>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/proof/written.h"

namespace sojourn::proof {
namespace {

using base::days24;
using base::hours;
using base::Millis;
using ::testing::ElementsAre;

constexpr Millis kHorizon = days24(30);

// [k]: the least time from the first message to message k + 1.
std::vector<Millis> least(const test::Written& journey, std::string_view target = {}) {
  return send_times(journey.timed(), journey.counted(target), kHorizon).least;
}

std::vector<Millis> least(std::string_view body, std::string_view target = {}) {
  return least(test::written(body), target);
}

TEST(MostSends, MessagesInARowMayLeaveTogether) {
  EXPECT_THAT(least("send a send b"), ElementsAre(Millis{0}, Millis{0}));
}

TEST(MostSends, NothingSentIsNothing) {
  const test::Written journey = test::written("wait 1d");
  const SendTimes times = send_times(journey.timed(), journey.counted(), kHorizon);
  EXPECT_EQ(times.in_all(), 0U);
  EXPECT_EQ(times.within(days24(1)), 0U);
}

TEST(MostSends, AMessageExactlyOneStretchLaterIsOutsideIt) {
  const test::Written journey = test::written("send a wait 24h send b");
  const SendTimes times = send_times(journey.timed(), journey.counted(), kHorizon);
  EXPECT_EQ(times.within(hours(24)), 1U);
  EXPECT_EQ(times.within(Millis{hours(24).count + 1}), 2U);
  EXPECT_EQ(times.in_all(), 2U);
}

TEST(MostSends, ARepeatSendsOnceARound) {
  EXPECT_THAT(least("repeat up to 3 times { wait 24h  send a again }"),
              ElementsAre(Millis{0}, hours(24), hours(48)));
}

TEST(MostSends, RoundsOfRoundsMultiply) {
  const test::Written journey = test::written(
      "repeat up to 2 times { repeat up to 3 times { wait 1h  send a again } wait 24h } send b");
  EXPECT_EQ(send_times(journey.timed(), journey.counted(), kHorizon).in_all(), 7U);
}

TEST(MostSends, ACalendarDayMayBeShorterThan24Hours) {
  EXPECT_THAT(least("send a wait 1d send b"), ElementsAre(Millis{0}, hours(22)));
}

TEST(MostSends, ADelayedMessageComesCloserOnlyToTheNextOne) {
  // `a` may leave three days late, but `b` follows a day after it has left.
  EXPECT_THAT(least("send a within 3d wait 24h send b wait 24h send p"),
              ElementsAre(Millis{0}, hours(24), hours(48)));
}

TEST(MostSends, OnlyOneWayOfABranchIsTaken) {
  EXPECT_THAT(least("if user.flag { send a } else { send b wait 24h send p }"),
              ElementsAre(Millis{0}, hours(24)));
}

TEST(MostSends, TheWaysOfABranchMayCombineWithLaterOnes) {
  EXPECT_THAT(least("if user.flag { send a } send b if user.flag { send p }"),
              ElementsAre(Millis{0}, Millis{0}, Millis{0}));
}

TEST(MostSends, AConditionThatNeverHoldsIsNoWay) {
  EXPECT_THAT(least(test::written("if launched { send a } send b", {}, "let launched = false")),
              ElementsAre(Millis{0}));
}

TEST(MostSends, ASplitTakesOneArm) {
  EXPECT_THAT(least("split s { 50% two { send a send b } 50% none {} }"),
              ElementsAre(Millis{0}, Millis{0}));
}

TEST(MostSends, AWaitForAnEventMayEndAtOnce) {
  EXPECT_THAT(least("send a wait for login up to 3d { send b }"),
              ElementsAre(Millis{0}, Millis{0}));
}

TEST(MostSends, ATimeoutTakesItsWholeTime) {
  EXPECT_THAT(least("send a wait for login up to 3d { exit } timeout { send b }"),
              ElementsAre(Millis{0}, days24(3)));
}

TEST(MostSends, OneArmOfARaceIsTaken) {
  EXPECT_THAT(least("send a\n"
                    "wait up to 2d { on login { send b } when user.flag {} timeout { send p } }"),
              ElementsAre(Millis{0}, Millis{0}));
}

TEST(MostSends, AWaitUntilMayEndAtOnce) {
  EXPECT_THAT(least("send a wait until entry.t up to 9d past { send b } missing continue send p"),
              ElementsAre(Millis{0}, Millis{0}, Millis{0}));
}

TEST(MostSends, RungsAreApartAsTheyAreWrittenWhenTStays) {
  EXPECT_THAT(least("schedule around entry.t up to 30d missing continue {\n"
                    "  3d before { send a within 1h }\n"
                    "  1d before { send b within 1h }\n"
                    "}"),
              // Two days, a clock change, and the hour by which `a` may be late.
              ElementsAre(Millis{0}, hours(48 - 2 - 1)));
}

TEST(MostSends, RungsMayFollowAtOnceWhenTMoves) {
  EXPECT_THAT(least("schedule around user.t up to 30d missing continue {\n"
                    "  3d before { send a }\n"
                    "  1d before { send b }\n"
                    "}"),
              ElementsAre(Millis{0}, Millis{0}));
}

TEST(MostSends, EachRungRunsOnce) {
  EXPECT_THAT(least("schedule around user.t up to 30d missing continue {\n"
                    "  3d before { send a }\n"
                    "  1d after  { if user.flag { send b } }\n"
                    "}\n"
                    "send p"),
              ElementsAre(Millis{0}, Millis{0}, Millis{0}));
}

TEST(MostSends, OfAMediumATypeACampaign) {
  constexpr std::string_view kBody = "send a send b send p send r";
  EXPECT_EQ(least(kBody).size(), 4U);
  EXPECT_EQ(least(kBody, "email").size(), 3U);
  EXPECT_EQ(least(kBody, "push").size(), 1U);
  EXPECT_EQ(least(kBody, "news").size(), 3U);
  EXPECT_EQ(least(kBody, "marketing").size(), 3U);
  EXPECT_EQ(least(kBody, "a").size(), 1U);
}

TEST(MostSends, WhatCannotBeReachedIsNotSentAndElseIs) {
  EXPECT_THAT(least("send a else { send b }"), ElementsAre(Millis{0}));
}

// A loop: wait, send, and round again while the flag is up.
struct Loop {
  engine::test::GraphBuilder builder;
  graph::Graph graph;
  std::vector<bool> counted;

  explicit Loop(graph::WaitFor pause) { build(std::move(pause)); }
  explicit Loop(graph::Wait pause) { build(std::move(pause)); }

 private:
  template <typename Pause>
  void build(Pause pause) {
    const auto at = builder.place("pause");
    const auto again =
        builder.step("again", graph::Branch{{{builder.user("flag"), at}}, graph::kCompleted});
    const auto send = builder.send("a", again);
    if constexpr (std::is_same_v<Pause, graph::WaitFor>) {
      pause.timeout = send;
      pause.arms = {graph::EventArm{"login", graph::kNoExpr, {}, graph::Since::kHere, {}, send}};
    } else {
      pause.next = send;
    }
    builder.set(at, pause);
    graph = builder.build(at);
    counted.assign(graph.steps.size(), false);
    counted[send] = true;
  }
};

TEST(MostSends, ALoopWithAWaitIsBoundedInAnyStretchOfTime) {
  const Loop loop(graph::Wait{.duration = engine::test::elapsed_hours(6), .at = {}});
  const SendTimes times = send_times(*timed_graph(loop.graph), loop.counted, days24(7));
  EXPECT_EQ(times.in_all(), std::nullopt);
  EXPECT_EQ(times.within(hours(24)), 4U);
  EXPECT_EQ(times.within(days24(7)), 28U);
}

TEST(MostSends, ALoopWithoutALeastDelayIsUnboundedAtOnce) {
  const Loop loop(graph::WaitFor{.arms = {}, .up_to = hours(6), .timeout = 0});
  const auto timed = timed_graph(loop.graph);
  const SendTimes times = send_times(*timed, loop.counted, days24(7));
  EXPECT_EQ(times.in_all(), std::nullopt);
  EXPECT_EQ(times.within(Millis{1}), std::nullopt);
  const auto witness = way_to_send(*timed, loop.counted, 3, Millis{1});
  ASSERT_TRUE(witness.has_value());
  EXPECT_EQ(std::ranges::count(witness->legs, true, &Leg::sent), 3);
  EXPECT_EQ(witness->legs.back().left, Millis{0});
}

TEST(MostSends, TheWitnessTellsWhenEachMessageLeaves) {
  const test::Written journey = test::written("wait 2h send a wait 24h if user.flag { send b }");
  const auto witness = way_to_send(journey.timed(), journey.counted(), 2, std::nullopt);
  ASSERT_TRUE(witness.has_value());
  std::vector<std::pair<std::string, Millis>> steps;
  for (const Leg& leg : witness->legs) {
    steps.emplace_back(journey.graph().steps[leg.step].identity, leg.left);
  }
  using Step = std::pair<std::string, Millis>;
  EXPECT_THAT(steps,
              ElementsAre(Step{"wait 1", hours(2)}, Step{"a", hours(2)}, Step{"wait 2", hours(26)},
                          Step{"if 1", hours(26)}, Step{"b", hours(26)}));
}

TEST(MostSends, ThereIsNoWitnessForMoreThanThereIs) {
  const test::Written journey = test::written("send a wait 24h send b");
  EXPECT_FALSE(way_to_send(journey.timed(), journey.counted(), 3, std::nullopt).has_value());
  EXPECT_FALSE(way_to_send(journey.timed(), journey.counted(), 2, hours(24)).has_value());
  EXPECT_FALSE(way_to_send(journey.timed(), journey.counted("p"), 1, std::nullopt).has_value());
}

}  // namespace
}  // namespace sojourn::proof
