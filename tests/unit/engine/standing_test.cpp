// Conditions over a window that time alone makes true: `exit when`, `wait for`.
#include "engine/standing.h"

#include <gtest/gtest.h>

#include "engine/enrollment_codec.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Expression;
using graph::ExprId;
using graph::Op;
using graph::Window;
using test::calendar_days;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

class Standing : public testing::Test {
 protected:
  ExprId count(const char* event, Window window) {
    Expression e{.op = Op::kCountEvents, .name = event};
    e.window = std::move(window);
    return b_.add(std::move(e));
  }
  ExprId count_within(const char* event, std::int64_t days) {
    return count(event, {Window::Kind::kWithin, base::days24(days), {}});
  }
  // `no login within 7d`
  ExprId none_within(const char* event, std::int64_t days) {
    return b_.equal(count_within(event, days), b_.integer(0));
  }
  graph::StepIndex wait_for(ExprId condition, std::int64_t up_to_days) {
    return b_.step("wait", graph::WaitFor{.arms = {graph::ConditionArm{condition, b_.exit("held")}},
                                          .up_to = base::days24(up_to_days),
                                          .timeout = b_.exit("gave_up")});
  }
  // Enters on 1 March at 09:00.
  void begin(graph::StepIndex first) {
    user_.emplace(b_.build(first));
    user_->enters();
    user_->effects();
  }
  // The conditions are only interesting to someone who has been seen.
  ExprId and_some(const char* event, ExprId condition) {
    return b_.op(Op::kAnd, {b_.op(Op::kGreater, {count(event, {}), b_.integer(0)}), condition});
  }

  GraphBuilder b_;
  std::optional<OneUser> user_;
};

TEST_F(Standing, AnExitComesWhenTheLastEventLeavesTheWindow) {
  b_.exit_when(and_some("login", none_within("login", 7)), "asleep");
  begin(b_.wait("wait", calendar_days(60)));
  EXPECT_EQ(user_->due(), "2026-04-30T08:00:00Z") << "nobody has logged in, so only the wait";
  user_->at("2026-03-02T09:00Z");
  user_->event("login");
  EXPECT_EQ(user_->due(), "2026-03-09T09:00:00.001Z");
  user_->at("2026-03-05T09:00Z");
  user_->event("login");
  EXPECT_EQ(user_->due(), "2026-03-12T09:00:00.001Z");
  user_->passes_until("2026-03-12T09:00Z");
  EXPECT_EQ(user_->place(), "wait") << "exactly 7 days ago still counts";
  user_->passes_until("2026-03-12T09:01Z");
  EXPECT_EQ(user_->place(), "ended: asleep");
  EXPECT_EQ(user_->enrollment->arrived_at, instant("2026-03-12T09:00:00.001Z"));
}

TEST_F(Standing, AnExitThatHoldsAtEntryEndsAtOnce) {
  b_.exit_when(none_within("login", 7), "asleep");
  user_.emplace(b_.build(b_.send("welcome")));
  user_->enters();
  EXPECT_EQ(user_->effects(), "exit asleep");
}

TEST_F(Standing, AnEventMakesACountTrueAtOnce) {
  b_.exit_when(b_.op(Op::kGreaterEqual, {count_within("login", 7), b_.integer(2)}), "eager");
  begin(b_.wait("wait", calendar_days(60)));
  user_->event("login");
  EXPECT_EQ(user_->place(), "wait");
  user_->at("2026-03-08T09:00:00.001Z");
  user_->event("login");
  EXPECT_EQ(user_->place(), "wait") << "the first is more than 7 days ago";
  user_->at("2026-03-15T09:00:00.001Z");
  user_->event("login");
  EXPECT_EQ(user_->place(), "ended: eager");
}

TEST_F(Standing, TheTimerSkipsInstantsAtWhichTheConditionStillFails) {
  b_.exit_when(and_some("login", b_.op(Op::kLessEqual, {count_within("login", 7), b_.integer(1)})),
               "slowing");
  begin(b_.wait("wait", calendar_days(60)));
  for (const char* at : {"2026-03-02T09:00Z", "2026-03-03T09:00Z", "2026-03-04T09:00Z"}) {
    user_->history.push_back({.number = user_->history.size() + 1,
                              .name = "login",
                              .created_at = instant(at),
                              .arrived_at = instant(at),
                              .fields = {}});
  }
  user_->at("2026-03-04T09:00Z");
  user_->wakes();
  EXPECT_EQ(user_->due(), "2026-03-10T09:00:00.001Z") << "the second of three has left";
}

TEST_F(Standing, AWaitGoesOnWhenTimeMakesItsConditionTrue) {
  begin(b_.send("welcome", wait_for(and_some("login", none_within("login", 3)), 30)));
  user_->event("login");
  user_->delivered();
  EXPECT_EQ(user_->place(), "wait");
  EXPECT_EQ(user_->due(), "2026-03-04T09:00:00.001Z");
  user_->passes_until("2026-03-20T09:00Z");
  EXPECT_EQ(user_->effects(), "wait -> condition; exit held");
}

TEST_F(Standing, AWaitThatTimeCannotEndIsTimedOut) {
  begin(wait_for(b_.op(Op::kGreaterEqual, {count_within("login", 3), b_.integer(2)}), 10));
  user_->event("login");
  EXPECT_EQ(user_->due(), "2026-03-11T09:00:00Z");
  user_->passes_until("2026-03-20T09:00Z");
  EXPECT_EQ(user_->effects(), "wait -> timeout; exit gave_up");
}

TEST_F(Standing, TheTimerOfAnEarlierPlaceIsGone) {
  begin(wait_for(and_some("login", none_within("login", 3)), 30));
  user_->event("login");
  ASSERT_EQ(user_->due(), "2026-03-04T09:00:00.001Z");
  user_->passes_until("2026-03-04T10:00Z");
  EXPECT_EQ(user_->due(), "none");
}

TEST_F(Standing, OneTimerStandsForAllConditions) {
  b_.exit_when(and_some("login", none_within("login", 7)), "asleep");
  b_.exit_when(and_some("purchase", none_within("purchase", 2)), "quiet");
  begin(b_.wait("wait", calendar_days(60)));
  user_->event("login");
  user_->event("purchase");
  EXPECT_EQ(user_->enrollment->timers.size(), 2u) << "the wait's and the conditions'";
  user_->passes_until("2026-03-10T09:00Z");
  EXPECT_EQ(user_->place(), "ended: quiet");
}

TEST_F(Standing, AMessageOnItsWayIsTakenBack) {
  b_.exit_when(and_some("login", none_within("login", 7)), "asleep");
  begin(b_.send("welcome"));
  user_->event("login");
  user_->passes_until("2026-03-10T09:00Z");
  EXPECT_EQ(user_->effects(), "cancel welcome 1; exit asleep");
}

TEST_F(Standing, WhatIsAskedSinceAStepBeginsWhenItIsReached) {
  const Window since{Window::Kind::kSinceStep, {}, "second"};
  b_.exit_when(b_.op(Op::kGreaterEqual, {count("login", since), b_.integer(1)}), "back");
  begin(b_.wait("first", calendar_days(1), b_.wait("second", calendar_days(5))));
  user_->event("login");
  EXPECT_EQ(user_->place(), "first");
  user_->passes_until("2026-03-03T09:00Z");
  EXPECT_EQ(user_->place(), "second");
  user_->event("login");
  EXPECT_EQ(user_->place(), "ended: back");
}

TEST_F(Standing, ALongHistoryIsLookedAtInParts) {
  // One login: neither more nor fewer, so time takes it both ways.
  b_.exit_when(b_.equal(count_within("login", 7), b_.integer(1)), "asleep");
  begin(b_.wait("wait", calendar_days(60)));
  for (std::size_t i = 0; i < 3 * kMaxInstantsLookedAt; ++i) {
    const base::Instant at = instant("2026-03-01T10:00Z") + base::minutes(static_cast<int>(i));
    user_->now = at;
    user_->add_event("login");
  }
  user_->wakes();
  EXPECT_EQ(user_->due(), "2026-03-08T11:03:00.001Z") << "the 64th of 192";
  user_->passes_until("2026-03-08T13:10Z");
  EXPECT_EQ(user_->place(), "wait");
  user_->passes_until("2026-03-08T13:11Z");
  EXPECT_EQ(user_->place(), "ended: asleep");
}

TEST_F(Standing, TheTimerSurvivesStorage) {
  b_.exit_when(and_some("login", none_within("login", 7)), "asleep");
  begin(b_.wait("wait", calendar_days(60)));
  user_->event("login");
  const StepNumbers numbers(std::vector<std::uint32_t>{1});
  const auto stored =
      decode(encode(*user_->enrollment, numbers), user_->id, user_->enrollment->number, numbers);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(*stored, *user_->enrollment);
}

// --- `exit when … for D` ---

TEST_F(Standing, AnExitThatHasToLastComesAfterSoLong) {
  b_.exit_when(b_.equal(b_.user("plan"), b_.text("free")), "free_for_long", base::days24(2));
  begin(b_.wait("wait", calendar_days(60)));
  EXPECT_EQ(user_->due(), "2026-04-30T08:00:00Z");
  user_->change("plan", graph::Value("free"));
  EXPECT_EQ(user_->due(), "2026-03-03T09:00:00Z");
  user_->passes_until("2026-03-03T08:59Z");
  EXPECT_EQ(user_->place(), "wait");
  user_->passes_until("2026-03-03T09:00Z");
  EXPECT_EQ(user_->place(), "ended: free_for_long") << "exactly 2 days";
}

TEST_F(Standing, ABreakBeginsItAnew) {
  b_.exit_when(b_.equal(b_.user("plan"), b_.text("free")), "free_for_long", base::days24(2));
  user_.emplace(b_.build(b_.wait("wait", calendar_days(60))));
  user_->profile.fields["plan"] = graph::Value("free");
  user_->enters();
  EXPECT_EQ(user_->due(), "2026-03-03T09:00:00Z") << "what holds at entry counts from it";
  user_->at("2026-03-02T09:00Z");
  user_->change("plan", graph::Value("pro"));
  EXPECT_EQ(user_->due(), "2026-04-30T08:00:00Z");
  user_->change("plan", graph::Value("free"));
  EXPECT_EQ(user_->due(), "2026-03-04T09:00:00Z");
}

TEST_F(Standing, WhatStillHoldsDoesNotBeginAnew) {
  b_.exit_when(b_.op(Op::kGreater, {b_.user("seats"), b_.integer(3)}), "large", base::days24(2));
  begin(b_.wait("wait", calendar_days(60)));
  user_->change("seats", graph::Value(std::int64_t{4}));
  user_->at("2026-03-02T09:00Z");
  user_->change("seats", graph::Value(std::int64_t{5}));
  EXPECT_EQ(user_->due(), "2026-03-03T09:00:00Z");
}

TEST_F(Standing, TimeAloneBeginsAndBreaksWhatHasToLast) {
  // Quiet for a week: from 9 March on, until somebody logs in.
  b_.exit_when(and_some("login", none_within("login", 7)), "asleep", base::days24(2));
  begin(b_.wait("wait", calendar_days(60)));
  user_->at("2026-03-02T09:00Z");
  user_->event("login");
  EXPECT_EQ(user_->due(), "2026-03-09T09:00:00.001Z") << "looked at when it begins to hold";
  user_->passes_until("2026-03-10T09:00Z");
  EXPECT_EQ(user_->due(), "2026-03-11T09:00:00.001Z");
  user_->event("login");
  EXPECT_EQ(user_->due(), "2026-03-17T09:00:00.001Z");
}

// `any login within 3d` for 6d.
TEST_F(Standing, ABreakThatTimeAloneMakesIsSeen) {
  b_.exit_when(b_.op(Op::kGreater, {count_within("login", 3), b_.integer(0)}), "regular",
               base::days24(6));
  begin(b_.wait("wait", calendar_days(60)));
  user_->event("login");
  user_->passes_until("2026-03-03T09:00Z");
  user_->event("login");
  EXPECT_EQ(user_->due(), "2026-03-06T09:00:00.001Z") << "when it will stop to hold";
  user_->passes_until("2026-03-08T09:00Z");
  user_->event("login");
  user_->passes_until("2026-03-10T09:00Z");
  EXPECT_EQ(user_->place(), "wait") << "there was a break on 6 March";
  user_->event("login");
  user_->passes_until("2026-03-12T09:00Z");
  user_->event("login");
  user_->passes_until("2026-03-14T09:00Z");
  EXPECT_EQ(user_->place(), "ended: regular");
}

// The same whether each timer is dealt with when it is due or all of them late.
TEST_F(Standing, LateTimersComeToTheSame) {
  b_.exit_when(b_.op(Op::kGreater, {count_within("login", 3), b_.integer(0)}), "regular",
               base::days24(4));
  begin(b_.wait("wait", calendar_days(60)));
  user_->event("login");
  ASSERT_EQ(user_->due(), "2026-03-04T09:00:00.001Z");
  user_->at("2026-03-20T09:00Z");
  user_->wakes();
  EXPECT_EQ(user_->place(), "wait") << "it held for three days only, long ago";
  EXPECT_TRUE(user_->enrollment->held.empty());

  b_ = GraphBuilder();
  b_.exit_when(and_some("login", none_within("login", 3)), "asleep", base::days24(4));
  begin(b_.wait("wait", calendar_days(60)));
  user_->event("login");
  ASSERT_EQ(user_->due(), "2026-03-04T09:00:00.001Z");
  user_->at("2026-03-07T09:00Z");
  user_->wakes();
  EXPECT_EQ(user_->due(), "2026-03-08T09:00:00.001Z") << "it has held since 4 March";
  user_->at("2026-03-20T09:00Z");
  user_->wakes();
  EXPECT_EQ(user_->place(), "ended: asleep");
}

TEST_F(Standing, AWeekdayComesWithTheDayOfTheJourney) {
  b_.exit_when(b_.equal(b_.op(Op::kWeekday, {b_.op(Op::kNow, {})}), b_.text("wednesday")),
               "midweek");
  begin(b_.wait("wait", calendar_days(60)));
  EXPECT_EQ(user_->due(), "2026-03-03T23:00:00Z");
  user_->passes_until("2026-03-03T23:00Z");
  EXPECT_EQ(user_->place(), "ended: midweek");
}

TEST_F(Standing, WhatIsFarOffIsLookedForAgain) {
  b_.exit_when(b_.equal(b_.op(Op::kMonth, {b_.op(Op::kNow, {})}), b_.integer(4)), "april");
  begin(b_.wait("wait", calendar_days(60)));
  EXPECT_EQ(user_->due(), "2026-03-08T23:00:00Z") << "no further ahead";
  user_->passes_until("2026-03-31T21:59Z");
  EXPECT_EQ(user_->place(), "wait");
  user_->passes_until("2026-03-31T22:00Z");
  EXPECT_EQ(user_->place(), "ended: april");
}

// Mondays last a day, however late they are looked at.
TEST_F(Standing, DaysThatWentByMeanwhileAreFollowed) {
  for (const auto& [hours, place] : {std::pair{20, "ended: long"}, std::pair{30, "wait"}}) {
    b_ = GraphBuilder();
    b_.exit_when(b_.equal(b_.op(Op::kWeekday, {b_.op(Op::kNow, {})}), b_.text("monday")), "long",
                 base::hours(hours));
    begin(b_.wait("wait", calendar_days(300)));
    user_->at("2026-04-22T09:00Z");
    user_->wakes();
    EXPECT_EQ(user_->place(), place);
  }
}

TEST_F(Standing, WhatIsHeldSurvivesStorage) {
  b_.exit_when(b_.equal(b_.user("plan"), b_.text("free")), "free_for_long", base::days24(2));
  begin(b_.wait("wait", calendar_days(60)));
  user_->change("plan", graph::Value("free"));
  ASSERT_EQ(user_->enrollment->held.size(), 1u);
  const StepNumbers numbers(std::vector<std::uint32_t>{1});
  const auto stored =
      decode(encode(*user_->enrollment, numbers), user_->id, user_->enrollment->number, numbers);
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(*stored, *user_->enrollment);
}

// --- Conditions that wait for a time ---

TEST_F(Standing, AnExitComesWhenNowHasPassedATime) {
  b_.exit_when(b_.op(Op::kGreater, {b_.op(Op::kNow, {}), b_.user("endsAt")}), "over");
  begin(b_.wait("wait", calendar_days(60)));
  EXPECT_EQ(user_->due(), "2026-04-30T08:00:00Z") << "there is no time yet";
  user_->change("endsAt", graph::Value(instant("2026-03-10T12:00Z")));
  EXPECT_EQ(user_->due(), "2026-03-10T12:00:00.001Z");
  user_->change("endsAt", graph::Value(instant("2026-03-05T12:00Z")));
  EXPECT_EQ(user_->due(), "2026-03-05T12:00:00.001Z");
  user_->passes_until("2026-03-05T12:00Z");
  EXPECT_EQ(user_->place(), "wait");
  user_->passes_until("2026-03-06T12:00Z");
  EXPECT_EQ(user_->place(), "ended: over");
}

TEST_F(Standing, ALengthOfTimeIsWaitedForToTheMoment) {
  // now - user.seenAt >= 7d
  const ExprId gone = b_.op(Op::kDifference, {b_.op(Op::kNow, {}), b_.user("seenAt")});
  const ExprId week = b_.constant(graph::Value(calendar_days(7)));
  b_.exit_when(b_.op(Op::kGreaterEqual, {gone, week}), "gone");
  user_.emplace(b_.build(b_.wait("wait", calendar_days(60))));
  user_->profile.fields["seenAt"] = graph::Value(instant("2026-02-27T09:00Z"));
  user_->enters();
  EXPECT_EQ(user_->due(), "2026-03-06T09:00:00Z");
}

TEST_F(Standing, ADateBeginsInTheJourneysZone) {
  const ExprId today = b_.op(Op::kDate, {b_.op(Op::kNow, {})});
  const ExprId birthday = b_.equal(today, b_.constant(graph::Value(graph::Date{20'544})));
  begin(wait_for(birthday, 60));
  EXPECT_EQ(user_->due(), "2026-03-31T22:00:00Z") << "1 April in Berlin";
  user_->passes_until("2026-04-01T09:00Z");
  EXPECT_EQ(user_->effects(), "wait -> condition; exit held");
}

}  // namespace
}  // namespace sojourn::engine
