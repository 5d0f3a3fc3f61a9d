#include "proof/value_flow.h"

#include <gtest/gtest.h>
#include <optional>

#include "tests/unit/proof/written.h"

namespace sojourn::proof {
namespace {

using test::Written;
using test::written;

constexpr std::string_view kFields =
    "user { n integer  plan \"free\" | \"pro\" }\nlist vips\n"
    "message_type texts marketing double_opt_in\n";

class ValueFlows : public ::testing::Test {
 protected:
  void flow_of(std::string_view body, std::string_view clauses = {}) {
    journey_ = written(body, clauses, kFields);
    flow_.emplace(journey_->graph(), journey_->program.catalog);
  }
  bool reaches(std::string_view step) { return flow_->reaches(journey_->step(step)); }
  // Of the first branch or wait: `t` always, `f` never, `?` either, `-` a switch.
  std::string arms(std::string_view step) {
    std::string out;
    for (const Verdict& verdict : flow_->arms(journey_->step(step))) {
      out += verdict.is_switch ? '-' : !verdict.can_hold ? 'f' : !verdict.can_fail ? 't' : '?';
    }
    return out;
  }

  std::optional<Written> journey_;
  std::optional<ValueFlow> flow_;
};

TEST_F(ValueFlows, ConditionsAroundAndBefore) {
  flow_of("if user.n < 5 { exit } if user.n < 3 { send a } if user.n is set { if user.n >= 5 {} }");
  EXPECT_EQ(arms("if 1"), "?");
  EXPECT_EQ(arms("if 2"), "f");
  EXPECT_EQ(arms("if 3"), "?");
  EXPECT_EQ(arms("if 3.then.if 1"), "t");
  EXPECT_FALSE(reaches("a"));
}

TEST_F(ValueFlows, TimeMakesTheProfileNew) {
  flow_of("if user.n < 5 { exit } send a if user.n < 3 { send b }");
  EXPECT_EQ(arms("if 2"), "?");
}

TEST_F(ValueFlows, TheEntryStays) {
  flow_of("wait 1d if entry.t < 2026-01-01T00:00Z { send a }", "exit on stop\n");
  EXPECT_EQ(arms("if 1"), "?");
  flow_of(
      "if entry.t < 2026-01-01T00:00Z { exit } wait 1d if entry.t < 2025-01-01T00:00Z { send a }");
  EXPECT_EQ(arms("if 2"), "f");
}

TEST_F(ValueFlows, NobodyIsHereForWhomAnExitHolds) {
  flow_of("wait 1d if user.plan == \"pro\" { send a } wait for user.plan == \"pro\" up to 1d {}",
          "exit when user.plan == \"pro\"\n");
  EXPECT_EQ(arms("if 1"), "f");
  EXPECT_EQ(arms("wait for 1"), "f");
}

TEST_F(ValueFlows, WhatIsWrittenIsKnownUntilTimePasses) {
  flow_of("update user { n: 3 } if user.n == 3 {} wait 1d if user.n == 3 {}");
  EXPECT_EQ(arms("if 1"), "t");
  EXPECT_EQ(arms("if 2"), "?");
}

TEST_F(ValueFlows, WhatIsClearedReadsAsDeclared) {
  flow_of("update user { n: missing, flag: missing } if user.n is set {} if user.flag {}");
  EXPECT_EQ(arms("if 1"), "f");
  // It is declared with a value, which may be what the journey sees.
  EXPECT_EQ(arms("if 2"), "?");
}

TEST_F(ValueFlows, ANameKeepsItsValue) {
  flow_of("let kept = user.n if kept == 3 { wait 1d if kept > 3 { send a } }");
  EXPECT_EQ(arms("if 1.then.if 1"), "f");
}

TEST_F(ValueFlows, AnEventThatCameIsLikeItsCondition) {
  flow_of(
      "wait for stop where event.reason == \"x\" as halt up to 1d {"
      "  if halt.reason == \"y\" { send a } } timeout { if halt is set { send b } }");
  EXPECT_EQ(arms("wait for 1.then.if 1"), "f");
  EXPECT_EQ(arms("wait for 1.timeout.if 1"), "?");
}

TEST_F(ValueFlows, WaysMeet) {
  flow_of(
      "if user.n == 1 { update user { plan: \"free\" } }"
      " else if user.n == 2 { update user { plan: \"free\" } } else { exit }"
      " if user.plan == \"pro\" { send a } if user.n > 2 { send b } if user.n > 1 { send p }");
  EXPECT_EQ(arms("if 2"), "f");
  EXPECT_EQ(arms("if 3"), "f");
  EXPECT_EQ(arms("if 4"), "?");
}

TEST_F(ValueFlows, ASwitchIsOpenBothWays) {
  journey_ = written("if launched { send a } else { send b }", {}, "let launched = false\n");
  flow_.emplace(journey_->graph(), journey_->program.catalog);
  EXPECT_EQ(arms("if 1"), "-");
  EXPECT_TRUE(reaches("a") && reaches("b"));
}

TEST_F(ValueFlows, RungsComeBackToTheirSchedule) {
  flow_of(
      "let n = user.n schedule around user.t up to 9d missing continue {"
      "  1d before { if n == 1 { exit } } 1d after { if n == 1 { send a } } }"
      " if n == 1 { send b }");
  // The first rung may have been skipped.
  EXPECT_TRUE(reaches("a") && reaches("b"));
}

TEST_F(ValueFlows, OwnStepsThatEndTheJourney) {
  flow_of(
      "update user { plan: \"pro\" } send a track stop { reason: \"x\" } send b",
      "exit when user.plan == \"pro\" and user.n > 3\nexit on stop where event.reason == \"y\"\n");
  EXPECT_EQ(flow_->exit_by(journey_->step("update user 1")), std::nullopt);
  EXPECT_EQ(flow_->exit_by(journey_->step("track 1")), std::nullopt);
  flow_of(
      "if user.n > 3 { update user { plan: \"pro\" } send a } track stop { reason: \"y\" }",
      "exit when user.plan == \"pro\" and user.n > 3\nexit on stop where event.reason == \"y\"\n");
  EXPECT_EQ(flow_->exit_by(journey_->step("if 1.then.update user 1")), 0U);
  EXPECT_EQ(flow_->exit_by(journey_->step("track 1")), 1U);
  EXPECT_FALSE(reaches("a"));
}

TEST_F(ValueFlows, WhatSomebodyBelongsToIsKnownUntilTimePasses) {
  flow_of(
      "if in list vips { if in list vips {} } add to list vips if in list vips {}"
      " unsubscribe from marketing if subscribed to news {} if subscribed to account {}"
      " wait 1d if in list vips {} if subscribed to news {}");
  EXPECT_EQ(arms("if 1"), "?");
  EXPECT_EQ(arms("if 1.then.if 1"), "t");
  EXPECT_EQ(arms("if 2"), "t");
  EXPECT_EQ(arms("if 3"), "f");
  EXPECT_EQ(arms("if 4"), "?");
  EXPECT_EQ(arms("if 5"), "?");
  EXPECT_EQ(arms("if 6"), "?");
}

TEST_F(ValueFlows, OwnListsAndSubscriptionsThatEndTheJourney) {
  flow_of("add to list vips send a", "exit when in list vips and subscribed to news\n");
  EXPECT_EQ(flow_->exit_by(journey_->step("add to list 1")), std::nullopt);
  flow_of("add to list vips subscribe to news send a",
          "exit when in list vips and subscribed to news\n");
  EXPECT_EQ(flow_->exit_by(journey_->step("add to list 1")), std::nullopt);
  EXPECT_EQ(flow_->exit_by(journey_->step("subscribe 1")), 0U);
  EXPECT_FALSE(reaches("a"));
}

TEST_F(ValueFlows, NobodyIsSubscribedByBeingAsked) {
  flow_of("subscribe to texts if subscribed to texts {} send a", "exit when subscribed to texts\n");
  EXPECT_EQ(flow_->exit_by(journey_->step("subscribe 1")), std::nullopt);
  EXPECT_TRUE(reaches("a"));
}

TEST_F(ValueFlows, EventsThatAnExitTakes) {
  flow_of("wait 1d", "exit on stop where event.reason in [\"x\", \"y\"]\nexit on login\n");
  EXPECT_TRUE(flow_->is_taken_by("login", graph::kNoExpr, 1));
  EXPECT_FALSE(flow_->is_taken_by("login", graph::kNoExpr, 0));
  EXPECT_FALSE(flow_->is_taken_by("stop", graph::kNoExpr, 0));
}

TEST_F(ValueFlows, ExitsAreJudgedInTheirOrder) {
  flow_of(
      "wait 1d",
      "exit on stop where event.reason == \"x\"\nexit on stop where event.reason == \"x\" as b\n"
      "exit when user.n > 3\nexit when user.n > 5\nexit when entry.t is missing\n");
  EXPECT_TRUE(flow_->exits()[0].can_hold);
  EXPECT_FALSE(flow_->exits()[1].can_hold);
  EXPECT_TRUE(flow_->exits()[2].can_hold);
  EXPECT_FALSE(flow_->exits()[3].can_hold);
  EXPECT_FALSE(flow_->exits()[4].can_hold);
}

}  // namespace
}  // namespace sojourn::proof
