#include "graph/wording.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

using testing::ElementsAre;

class WordingTest : public testing::Test {
 protected:
  std::string step(decltype(Step::action) action) {
    return wording(graph_, Step{"name", std::move(action), {}});
  }
  std::vector<std::string> ways(decltype(Step::action) action) {
    const Step step{"name", std::move(action), {}};
    std::vector<std::string> out;
    for (const Edge& edge : drawn_edges(step)) out.push_back(wording(graph_, step, edge));
    return out;
  }

  Graph graph_;
  samples::Pool pool_{graph_.expressions};
};

TEST_F(WordingTest, LimitsCountDaysOf24Hours) {
  Send send;
  send.campaign = "hello";
  send.deadline = base::hours(36);
  EXPECT_EQ(step(send), "send hello within 1d12h");
  send.deadline = base::days24(30);
  send.again = true;
  EXPECT_EQ(step(send), "send hello within 30d again");
  send.best_time = base::hours(4);
  EXPECT_EQ(step(send), "send hello at best time within 30d again");
}

TEST_F(WordingTest, ChangesOfMembershipReadAsTheyAreWritten) {
  EXPECT_EQ(step(ChangeList{.list = "vips", .joins = true}), "add to list vips");
  EXPECT_EQ(step(ChangeList{.list = "vips", .joins = false}), "remove from list vips");
  EXPECT_EQ(step(ChangeSubscription{.message_types = {"news"}}), "subscribe to news");
  EXPECT_EQ(step(ChangeSubscription{.message_types = {"news", "tips"}, .subscribes = false}),
            "unsubscribe from news, tips");
}

TEST_F(WordingTest, AWaitForOneThingSaysWhich) {
  EventArm arm = samples::on_event("order", kCompleted);
  arm.since = Since::kStep;
  arm.since_step = "hello";
  EXPECT_EQ(step(WaitFor{{arm}, base::days24(3), kCompleted}),
            "wait for order since hello up to 3d");
  EXPECT_THAT(ways(WaitFor{{arm}, base::days24(3), kCompleted}), ElementsAre("came", "timeout"));
}

TEST_F(WordingTest, AWaitForSeveralThingsSaysThemOnItsWays) {
  const ConditionArm rich{pool_.apply(Op::kIsSet, {pool_.user("yacht")}), kCompleted};
  EventArm here = samples::on_event("order", kCompleted);
  here.since = Since::kHere;
  const WaitFor wait{{here, rich}, base::hours(2), kCompleted};
  EXPECT_EQ(step(wait), "wait up to 2h");
  EXPECT_THAT(ways(wait), ElementsAre("order since here", "user.yacht is set", "timeout"));
}

TEST_F(WordingTest, SharesAreShownToTheirHundredth) {
  const Split split{"test", kNoExpr, {{"a", 1, 0}, {"b", 1'250, 1}, {"c", 8'749, 2}}};
  EXPECT_THAT(ways(split), ElementsAre("0.01% a", "12.5% b", "87.49% c"));
}

TEST_F(WordingTest, ASplitSaysWhatItMeasuresAndWhenItIsDecided) {
  graph_.goals = {{"bought", "purchase", kNoExpr, {}}};
  Split split{"test", kNoExpr, {{"a", 10'000, 0}}};
  EXPECT_EQ(step(split), "split test");
  split.measure = SplitMeasure{SplitMeasure::Kind::kGoal, 0, base::days24(7)};
  EXPECT_EQ(step(split), "split test measure bought within 7d");
  split.measure->kind = SplitMeasure::Kind::kClicked;
  split.decide = SplitDecision{500, 9'750};
  EXPECT_EQ(step(split), "split test measure clicked within 7d decide after 500 per arm at 97.5%");
}

TEST_F(WordingTest, WhatOnlyGoesOnIsNotDrawn) {
  Send send;
  send.next = 1;
  send.unreachable = 1;
  EXPECT_THAT(ways(send), ElementsAre(""));
  send.unreachable = 2;
  EXPECT_THAT(ways(send), ElementsAre("", "else"));
  WaitUntil until;
  until.time = pool_.user("endsAt");
  until.next = 1;
  until.past = kCompleted;
  until.missing = 1;
  EXPECT_THAT(ways(until), ElementsAre("", "past"));
}

TEST_F(WordingTest, ExitRulesAndEntriesReadAsWritten) {
  const ExprId free = pool_.apply(Op::kEqual, {pool_.user("plan"), pool_.constant(Value("free"))});
  EXPECT_EQ(wording(graph_, EventEntry{"signup", free}),
            "enter on signup where user.plan == \"free\"");
  EXPECT_EQ(wording(graph_, ExitOnEvent{"bought", kNoExpr, "bought"}), "exit on bought as bought");
  EXPECT_EQ(wording(graph_, ExitWhen{free, "downgraded"}),
            "exit when user.plan == \"free\" as downgraded");
}

TEST_F(WordingTest, AWatchedEntrySaysWhatIsWatched) {
  graph_.entries = {{"watch j 1"}, {"watch j 2"}, {"watch j 3"}, {"signup"}};
  const ExprId birthday = pool_.user("birthday");
  DateEntry on_birthday;
  on_birthday.date = birthday;
  graph_.watched = {{0, on_birthday},
                    {1, DateEntry{.date = birthday,
                                  .every_year = true,
                                  .offset = {.days = 3},
                                  .before = true,
                                  .at = TimeOfDay{540}}},
                    {2, WhenEntry{pool_.apply(Op::kIsSet, {birthday})}}};
  std::vector<std::string> entries;
  for (const EventEntry& entry : graph_.entries) entries.push_back(wording(graph_, entry));
  EXPECT_THAT(entries, ElementsAre("enter on user.birthday",
                                   "enter every year on user.birthday - 3d at 09:00",
                                   "enter when user.birthday is set", "enter on signup"));
}

TEST_F(WordingTest, AScheduleSaysItsDays) {
  const ExprId known = pool_.apply(Op::kIsSet, {pool_.user("plan")});
  const auto every = [&](DayRule day) {
    return wording(graph_, WatchedEntry{0, ScheduleEntry{std::move(day), TimeOfDay{540}, known}});
  };
  constexpr auto kWeek = DayRule::Kind::kOfWeek;
  EXPECT_EQ(every({}), "enter every day at 09:00 for user.plan is set");
  EXPECT_EQ(every({.kind = kWeek, .weekdays = 1, .except = {}}),
            "enter every monday at 09:00 for user.plan is set");
  EXPECT_EQ(every({.kind = kWeek, .weekdays = 31, .except = {}}),
            "enter every workday at 09:00 for user.plan is set");
  EXPECT_EQ(every({.kind = DayRule::Kind::kOfMonth, .except = {}, .day_of_month = 15}),
            "enter every month on day 15 at 09:00 for user.plan is set");
  EXPECT_EQ(wording(graph_, WatchedEntry{0, OneTimeEntry{base::Instant{0}, known}}),
            "enter at 1970-01-01T00:00:00Z for user.plan is set");
}

}  // namespace
}  // namespace sojourn::graph
