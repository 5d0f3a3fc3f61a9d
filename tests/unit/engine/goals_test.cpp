#include "engine/goals.h"

#include <gtest/gtest.h>

#include "engine/place.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::calendar_days;
using test::GraphBuilder;
using test::OneUser;

graph::Goal bought(base::Millis within = base::days24(10)) {
  return {.name = "bought", .event = "purchase", .within = within};
}

// A journey of five days, entered on 2026-03-01 at 09:00.
OneUser inside(GraphBuilder& b, std::vector<graph::Goal> goals) {
  b.graph().goals = std::move(goals);
  OneUser user(b.build(b.wait("wait", calendar_days(5))));
  user.enters({{"plan", Value("pro")}});
  return user;
}

// What an event meets: the goals' numbers and values.
std::string met(OneUser& user, const char* name, std::vector<graph::Field> fields = {},
                std::optional<base::Instant> created_at = std::nullopt) {
  const EventFact event = user.add_event(name, std::move(fields), created_at);
  std::string out;
  for (const GoalMet& each :
       meet_goals(user.graph(), *user.enrollment, user.facts(), event, user.now)) {
    out += out.empty() ? "" : ", ";
    out += user.graph().goals[each.goal].name;
    if (each.value.kind() == Value::Kind::kNumber) {
      out += " " + std::to_string(static_cast<int>(each.value.as_number()));
    }
  }
  return out;
}

TEST(Goals, AGoalIsMetOncePerEnrollment) {
  GraphBuilder b;
  OneUser user = inside(b, {bought()});
  EXPECT_EQ(met(user, "login"), "");
  EXPECT_EQ(met(user, "purchase"), "bought");
  EXPECT_EQ(met(user, "purchase"), "");
}

TEST(Goals, WithinCountsFromTheEntryAndIncludesItsEnd) {
  GraphBuilder b;
  OneUser user = inside(b, {bought()});
  user.at("2026-03-11T09:00:00.001Z");
  EXPECT_EQ(met(user, "purchase"), "");
  EXPECT_EQ(met(user, "purchase", {}, test::instant("2026-03-11T09:00Z")), "bought")
      << "what happened in time may arrive late";
}

TEST(Goals, WhatHappenedBeforeTheEntryMeetsNone) {
  GraphBuilder b;
  OneUser user = inside(b, {bought()});
  EXPECT_EQ(met(user, "purchase", {}, test::instant("2026-03-01T08:59Z")), "");
}

TEST(Goals, TheyAreMetAfterTheEndToo) {
  GraphBuilder b;
  OneUser user = inside(b, {bought()});
  user.passes_until("2026-03-07T09:00Z");
  ASSERT_TRUE(user.enrollment->exit_reason.has_value());
  EXPECT_EQ(met(user, "purchase"), "bought");
}

TEST(Goals, AWhereReadsTheEventTheEntryAndTheProfile) {
  GraphBuilder b;
  graph::Goal goal = bought();
  goal.where = b.op(graph::Op::kAnd, {b.equal(b.event("plan"), b.entry("plan")),
                                      b.equal(b.user("vip"), b.constant(Value(true)))});
  goal.value = b.event("amount");
  OneUser user = inside(b, {goal});
  EXPECT_EQ(met(user, "purchase", {{"plan", Value("pro")}, {"amount", Value(7.5)}}), "");
  user.profile.fields["vip"] = Value(true);
  EXPECT_EQ(met(user, "purchase", {{"plan", Value("free")}}), "");
  EXPECT_EQ(met(user, "purchase", {{"plan", Value("pro")}, {"amount", Value(7.5)}}), "bought 7");
}

TEST(Goals, TheyAreOpenUntilTheLastHasRunOutAndLateEventsHaveComeIn) {
  GraphBuilder b;
  OneUser user = inside(b, {bought(base::days24(2)), bought(base::days24(10))});
  const auto open = [&](const char* at) {
    return has_open_goals(user.graph(), *user.enrollment, test::instant(at));
  };
  EXPECT_TRUE(open("2026-03-18T09:00Z"));
  EXPECT_FALSE(open("2026-03-18T09:00:00.001Z"));
  user.enrollment->measure.goals_met = 0b10;
  EXPECT_TRUE(open("2026-03-10T09:00Z"));
  EXPECT_FALSE(open("2026-03-10T09:00:00.001Z"));
}

TEST(Goals, AndExitEndsTheEnrollmentBehindTheExitRules) {
  GraphBuilder b;
  b.exit_on("purchase", b.equal(b.event("plan"), b.text("free")), "cheap");
  graph::Goal goal = bought();
  goal.and_exit = true;
  OneUser user = inside(b, {goal});
  user.event("purchase");
  EXPECT_EQ(user.place(), "ended: bought");
  GraphBuilder c;
  c.exit_on("purchase", c.equal(c.event("plan"), c.text("free")), "cheap");
  OneUser other = inside(c, {goal});
  other.event("purchase", {{"plan", Value("free")}});
  EXPECT_EQ(other.place(), "ended: cheap");
}

TEST(Goals, TheArmThatWasTakenIsKeptWhereThereAreGoals) {
  GraphBuilder b;
  const auto wait = b.wait("wait", calendar_days(5));
  const auto split = b.step(
      "split s", graph::Split{.name = "s", .unit = graph::kNoExpr, .arms = {{"a", 10'000, wait}}});
  OneUser without(b.build(split));
  without.enters();
  EXPECT_TRUE(without.enrollment->measure.arms.empty());
  GraphBuilder c;
  const auto pause = c.wait("wait", calendar_days(5));
  const auto again = c.step(
      "split s", graph::Split{.name = "s", .unit = graph::kNoExpr, .arms = {{"a", 10'000, pause}}});
  c.graph().goals = {bought()};
  OneUser with(c.build(again));
  with.enters();
  EXPECT_EQ(with.enrollment->measure.arms, (std::vector<ArmTaken>{{again, 0}}));
}

// A value that falls into this half of the split `s`.
Value falling_into(bool upper_half) {
  for (std::int64_t i = 0;; ++i) {
    const Value value(i);
    if ((place_of("trial", "s", value) >= kPlaces / 2) == upper_half) return value;
  }
}

TEST(Goals, OfASplitThatIsPassedTwiceTheLastArmCounts) {
  GraphBuilder b;
  const auto again = b.place("again");
  const auto wait = b.wait("wait", calendar_days(1), again);
  const auto split =
      b.step("split s", graph::Split{.name = "s",
                                     .unit = b.user("half"),
                                     .arms = {{"a", 5'000, wait}, {"b", 5'000, wait}}});
  b.set(again, graph::Repeat{.times = 2, .body = split});
  b.graph().goals = {bought()};
  OneUser user(b.build(again));
  user.profile.fields["half"] = falling_into(false);
  user.enters();
  EXPECT_EQ(user.enrollment->measure.arms, (std::vector<ArmTaken>{{split, 0}}));
  user.profile.fields["half"] = falling_into(true);
  user.passes_until("2026-03-02T09:00Z");
  EXPECT_EQ(user.enrollment->measure.arms, (std::vector<ArmTaken>{{split, 1}}));
}

}  // namespace
}  // namespace sojourn::engine
