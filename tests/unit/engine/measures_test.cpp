#include "engine/measures.h"

#include <gtest/gtest.h>

#include "graph/engagement.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Engagement;
using graph::Value;
using test::calendar_days;
using test::GraphBuilder;
using test::instant;
using test::OneUser;
using Kind = graph::SplitMeasure::Kind;

// A split of two arms, measured within two days, and then a wait of five.
graph::Graph journey(Kind kind, std::uint32_t share_of_a = 10'000, bool by_account = false) {
  GraphBuilder b;
  b.graph().goals = {{.name = "bought", .event = "purchase", .within = base::days24(30)}};
  b.graph().goals[0].where = b.equal(b.event("code"), b.entry("code"));
  const graph::StepIndex wait = b.wait("wait", calendar_days(5));
  graph::Split split;
  split.name = "s";
  if (by_account) split.unit = b.user("accountId");
  split.measure = graph::SplitMeasure{kind, 0, base::days24(2)};
  split.decide = graph::SplitDecision{100, 9'500};
  split.arms = {{"a", share_of_a, wait}, {"b", 10'000 - share_of_a, wait}};
  return b.build(b.step("split s", std::move(split)));
}

// The arms of the measures that an event meets, at the user's `now`.
std::string met(OneUser& user, const std::string& name, std::vector<graph::Field> fields = {},
                std::optional<base::Instant> created_at = std::nullopt) {
  const EventFact event = user.add_event(name, std::move(fields), created_at);
  std::string out;
  for (const MeasureMet& each :
       meet_measures(user.graph(), *user.enrollment, user.facts(), event, user.now)) {
    const auto& split = std::get<graph::Split>(user.graph().steps[each.split].action);
    out += split.arms[each.arm].name;
  }
  return out;
}

const std::vector<graph::Field> kCode{{"code", Value("x")}};

TEST(Measures, AGoalWithinItsTimeIsMetOnce) {
  OneUser user(journey(Kind::kGoal));
  user.enters(kCode);
  EXPECT_EQ(met(user, "login", kCode), "");
  EXPECT_EQ(met(user, "purchase", {{"code", Value("y")}}), "") << "the goal's own condition";
  user.at("2026-03-03T09:00Z");
  EXPECT_TRUE(has_open_measures(user.graph(), *user.enrollment, user.now));
  EXPECT_EQ(met(user, "purchase", kCode), "a") << "two days are included";
  EXPECT_EQ(met(user, "purchase", kCode), "");
  EXPECT_FALSE(has_open_measures(user.graph(), *user.enrollment, user.now));
}

TEST(Measures, ItGoesByWhenThingsHappened) {
  OneUser user(journey(Kind::kGoal));
  user.enters(kCode);
  user.at("2026-03-03T09:00Z");
  EXPECT_EQ(met(user, "purchase", kCode, instant("2026-03-01T08:59Z")), "") << "before the arm";
  EXPECT_EQ(met(user, "purchase", kCode, instant("2026-03-02T09:00Z")), "a");
}

TEST(Measures, NothingCountsThatArrivesWhenTheTimeIsOver) {
  OneUser user(journey(Kind::kGoal));
  user.enters(kCode);
  user.at("2026-03-03T09:00:01Z");
  EXPECT_FALSE(has_open_measures(user.graph(), *user.enrollment, user.now));
  EXPECT_EQ(met(user, "purchase", kCode), "") << "too late";
  EXPECT_EQ(met(user, "purchase", kCode, instant("2026-03-02T09:00Z")), "") << "in time, but late";
}

std::vector<graph::Field> message(const char* key, std::int64_t enrollment) {
  return {{std::string(graph::kMessageField), Value(key)},
          {std::string(graph::kEnrollmentField), Value(enrollment)}};
}

TEST(Measures, OnlyMessagesThatWereSentSinceTheArmWasTakenAreOpened) {
  OneUser user(journey(Kind::kOpened));
  const std::string& sent = graph::event_of(Engagement::kSent).name;
  const std::string& opened = graph::event_of(Engagement::kOpened).name;
  user.add_event(sent, message("before", 1), instant("2026-03-01T08:00Z"));
  user.enters(kCode);
  const auto number = static_cast<std::int64_t>(user.enrollment->number);
  user.at("2026-03-01T10:00Z");
  user.add_event(sent, message("mine", number));
  user.add_event(sent, message("another", number + 1));
  EXPECT_EQ(met(user, opened, message("before", number)), "");
  EXPECT_EQ(met(user, opened, message("another", number + 1)), "") << "of another enrollment";
  EXPECT_EQ(met(user, opened), "") << "of no known message";
  EXPECT_EQ(met(user, graph::event_of(Engagement::kClicked).name, message("mine", number)), "");
  EXPECT_EQ(met(user, opened, message("mine", number)), "a");
}

TEST(Measures, NobodyCountsWhoIsHeldOutOrWasCountedBefore) {
  GraphBuilder b;
  OneUser first(journey(Kind::kGoal));
  first.counted_before = true;
  first.enters(kCode);
  EXPECT_TRUE(first.enrollment->measure.again);
  EXPECT_EQ(met(first, "purchase", kCode), "");
  graph::Graph held = journey(Kind::kGoal);
  held.holdout = 10'000;
  OneUser second(held);
  second.enters(kCode);
  EXPECT_EQ(met(second, "purchase", kCode), "");
}

// What the split notes when the user takes an arm.
Note arm_note(OneUser& user) {
  user.enters(kCode);
  for (const Effect& effect : user.last_effects()) {
    const auto* note = std::get_if<Note>(&effect);
    if (note != nullptr && note->kind == Note::Kind::kBranch) return *note;
  }
  ADD_FAILURE() << "no arm was taken";
  return {};
}

TEST(Measures, OfASplitByAValueTheUnitIsNoted) {
  const auto note_of = [](std::uint64_t id, const Value& account) {
    OneUser user(journey(Kind::kGoal, 5'000, true));
    user.id = id;
    if (!account.is_missing()) user.profile.fields["accountId"] = account;
    return arm_note(user);
  };
  const Note first = note_of(1, Value(std::int64_t{4}));
  EXPECT_TRUE(first.measured);
  ASSERT_TRUE(first.unit.has_value());
  EXPECT_EQ(note_of(2, Value(std::int64_t{4})).unit, first.unit);
  EXPECT_EQ(note_of(2, Value(4.0)).unit, first.unit) << "equal values are one unit";
  EXPECT_NE(note_of(1, Value(std::int64_t{5})).unit, first.unit);
  EXPECT_TRUE(note_of(1, Value()).unit.has_value());
  EXPECT_EQ(note_of(1, Value()).unit, note_of(2, Value()).unit) << "so are those without a value";
}

TEST(Measures, WhoHasBeenCountedSettlesAUnitAndWhoIsHeldOutDoesNot) {
  OneUser again(journey(Kind::kGoal, 10'000, true));
  again.counted_before = true;
  const Note left_out = arm_note(again);
  EXPECT_FALSE(left_out.measured);
  EXPECT_TRUE(left_out.unit.has_value());
  graph::Graph held = journey(Kind::kGoal, 10'000, true);
  held.holdout = 10'000;
  OneUser held_out(held);
  EXPECT_EQ(arm_note(held_out).unit, std::nullopt);
}

TEST(Measures, WithoutAValueNoUnitIsNoted) {
  OneUser user(journey(Kind::kGoal));
  const Note note = arm_note(user);
  EXPECT_TRUE(note.measured);
  EXPECT_EQ(note.unit, std::nullopt);
}

TEST(Measures, WhatIsDroppedIsNotMet) {
  OneUser user(journey(Kind::kGoal));
  user.enters(kCode);
  drop_measure(*user.enrollment, 77);
  EXPECT_TRUE(has_open_measures(user.graph(), *user.enrollment, user.now));
  drop_measure(*user.enrollment, user.enrollment->measure.open.at(0).split);
  EXPECT_FALSE(has_open_measures(user.graph(), *user.enrollment, user.now));
  EXPECT_EQ(met(user, "purchase", kCode), "");
}

TEST(Measures, OnceDecidedEverybodyTakesTheArmThatWon) {
  for (std::uint64_t id = 1; id <= 50; ++id) {
    OneUser user(journey(Kind::kGoal, 5'000));
    user.id = id;
    user.decided = {{"s", "b"}};
    user.enters(kCode);
    EXPECT_EQ(user.effects(), "split s -> b");
  }
}

TEST(Measures, ADecisionForAnArmThatIsGoneDecidesNothing) {
  OneUser user(journey(Kind::kGoal));
  user.decided = {{"s", "c"}, {"other", "b"}};
  user.enters(kCode);
  EXPECT_EQ(user.effects(), "split s -> a");
}

TEST(Measures, WhoIsInTheHoldoutStaysThere) {
  GraphBuilder b;
  const graph::StepIndex wait = b.wait("wait", calendar_days(5));
  graph::Split split;
  split.name = "s";
  split.measure = graph::SplitMeasure{Kind::kClicked, 0, base::days24(2)};
  split.arms = {{"a", 4000, wait}, {"b", 4000, wait}, {"holdout", 2000, wait}};
  const graph::Graph graph = b.build(b.step("split s", std::move(split)));
  int held_out = 0;
  for (std::uint64_t id = 1; id <= 1'000; ++id) {
    OneUser user(graph);
    user.id = id;
    user.decided = {{"s", "b"}};
    user.enters();
    const std::string way = user.effects();
    if (way == "split s -> holdout") ++held_out;
    EXPECT_NE(way, "split s -> a");
  }
  EXPECT_NEAR(held_out, 200, 60);
}

}  // namespace
}  // namespace sojourn::engine
