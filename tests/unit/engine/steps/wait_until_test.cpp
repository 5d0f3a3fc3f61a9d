#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Op;
using graph::Value;
using test::clock;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

// `wait until user.trialEndsAt …`, with an exit for each way out, in Berlin or
// where the profile says.
class WaitUntil : public testing::Test {
 protected:
  void enters(std::string_view begun, Value ends_at) {
    begin_with(begun, std::move(ends_at), b_.user("trialEndsAt"));
  }
  void begin_with(std::string_view begun, Value ends_at, graph::ExprId t) {
    b_.zone(b_.user("timeZone"));
    step_.time = t;
    step_.next = b_.exit("reached");
    step_.past = b_.exit("past");
    step_.missing = b_.exit("missing");
    user_.emplace(b_.build(b_.step("wait", step_)));
    if (berlin_) user_->zones.replace(*berlin_, "2026b");
    if (!ends_at.is_missing()) user_->profile.fields["trialEndsAt"] = std::move(ends_at);
    user_->at(begun);
    user_->enters();
  }

  GraphBuilder b_;
  graph::WaitUntil step_;
  std::optional<OneUser> user_;
  std::optional<calendar::Zone> berlin_;  // instead of the real one
};

TEST_F(WaitUntil, EndsAtTheInstant) {
  enters("2026-03-01T09:00Z", Value(instant("2026-03-05T12:00Z")));
  EXPECT_EQ(user_->due(), "2026-03-05T12:00:00Z");
  EXPECT_FALSE(user_->enrollment->timers[0].intent.has_value());
  user_->passes_until("2026-03-05T12:00Z");
  EXPECT_EQ(user_->place(), "ended: reached");
}

TEST_F(WaitUntil, AnInstantNotLaterThanArrivalIsPast) {
  enters("2026-03-05T12:00Z", Value(instant("2026-03-05T12:00Z")));
  EXPECT_EQ(user_->place(), "ended: past");
}

TEST_F(WaitUntil, PastIsJudgedAfterAt) {
  // T lies ahead, but 09:00 on its day does not.
  step_.at = clock(9);
  enters("2026-03-05T10:00Z", Value(instant("2026-03-05T18:00Z")));
  EXPECT_EQ(user_->place(), "ended: past");
}

TEST_F(WaitUntil, AtLaterOnThePastDayIsStillAhead) {
  step_.at = clock(20);
  enters("2026-03-05T10:00Z", Value(instant("2026-03-05T08:00Z")));
  EXPECT_EQ(user_->due(), "2026-03-05T19:00:00Z");
  EXPECT_TRUE(user_->enrollment->timers[0].intent.has_value());
}

TEST_F(WaitUntil, ATimeOnADayThatTheZoneSkipsIsThatOfTheDayAfter) {
  // From the 4th of March to the 6th.
  berlin_.emplace(
      "Europe/Berlin", -10 * 3600,
      std::vector<calendar::Zone::Transition>{{instant("2026-03-05T10:00Z"), 14 * 3600}});
  step_.at = clock(9);
  enters("2026-03-01T09:00Z", Value(graph::Date{20'517}));  // 2026-03-05
  EXPECT_EQ(user_->due(), "2026-03-05T19:00:00Z");
}

TEST_F(WaitUntil, AMissingDateGoesMissing) {
  enters("2026-03-01T09:00Z", Value());
  EXPECT_EQ(user_->place(), "ended: missing");
}

TEST_F(WaitUntil, AValueThatIsNoDateGoesMissing) {
  enters("2026-03-01T09:00Z", Value("soon"));
  EXPECT_EQ(user_->place(), "ended: missing");
}

TEST_F(WaitUntil, ADateFurtherOffThanUpToCountsAsMissing) {
  step_.up_to = base::days24(10);
  enters("2026-03-01T09:00Z", Value(instant("2026-03-11T09:00:00.001Z")));
  EXPECT_EQ(user_->place(), "ended: missing");
}

TEST_F(WaitUntil, UpToIncludesItsEnd) {
  step_.up_to = base::days24(10);
  enters("2026-03-01T09:00Z", Value(instant("2026-03-11T09:00Z")));
  EXPECT_EQ(user_->due(), "2026-03-11T09:00:00Z");
}

TEST_F(WaitUntil, UpToCountsFromArrivalAlsoWhenTheDateMoves) {
  step_.up_to = base::days24(10);
  enters("2026-03-01T09:00Z", Value(instant("2026-03-05T09:00Z")));
  user_->at("2026-03-04T09:00Z");
  user_->change("trialEndsAt", Value(instant("2026-03-11T09:00Z")));
  EXPECT_EQ(user_->due(), "2026-03-11T09:00:00Z");
  user_->change("trialEndsAt", Value(instant("2026-03-12T09:00Z")));
  EXPECT_EQ(user_->place(), "ended: missing");
}

TEST_F(WaitUntil, FollowsItsFieldLaterAndEarlier) {
  enters("2026-03-01T09:00Z", Value(instant("2026-03-05T12:00Z")));
  user_->change("trialEndsAt", Value(instant("2026-03-09T12:00Z")));
  EXPECT_EQ(user_->due(), "2026-03-09T12:00:00Z");
  user_->passes_until("2026-03-05T12:00Z");
  EXPECT_EQ(user_->place(), "wait");
  user_->change("trialEndsAt", Value(instant("2026-03-06T12:00Z")));
  EXPECT_EQ(user_->due(), "2026-03-06T12:00:00Z");
}

TEST_F(WaitUntil, MovedIntoThePastItEndsAtOnceAndNotAsPast) {
  enters("2026-03-01T09:00Z", Value(instant("2026-03-05T12:00Z")));
  user_->at("2026-03-03T09:00Z");
  user_->change("trialEndsAt", Value(instant("2026-03-02T12:00Z")));
  EXPECT_EQ(user_->place(), "ended: reached");
}

TEST_F(WaitUntil, DeletedItGoesMissing) {
  enters("2026-03-01T09:00Z", Value(instant("2026-03-05T12:00Z")));
  user_->change("trialEndsAt", Value());
  EXPECT_EQ(user_->place(), "ended: missing");
}

TEST_F(WaitUntil, AnotherFieldLeavesTheTimerAlone) {
  step_.at = clock(9);
  enters("2026-03-01T09:00Z", Value(instant("2026-03-05T12:00Z")));
  const Enrollment before = *user_->enrollment;
  user_->change("plan", Value("pro"));
  EXPECT_EQ(*user_->enrollment, before);
}

// 23:30Z is the 6th in Berlin and the 5th in New York: the day chosen on arrival stays.
TEST_F(WaitUntil, AChangedZoneMovesTheLocalTimeThatWasChosen) {
  step_.at = clock(9);
  enters("2026-03-01T09:00Z", Value(instant("2026-03-05T23:30Z")));
  EXPECT_EQ(user_->due(), "2026-03-06T08:00:00Z");
  user_->change("timeZone", Value("America/New_York"));
  EXPECT_EQ(user_->due(), "2026-03-06T14:00:00Z");
  user_->change("plan", Value("pro"));
  EXPECT_EQ(user_->due(), "2026-03-06T14:00:00Z") << "nothing that it follows has changed";
}

TEST_F(WaitUntil, WithoutAtAZoneChangesNothing) {
  enters("2026-03-01T09:00Z", Value(instant("2026-03-05T12:00Z")));
  user_->change("timeZone", Value("America/New_York"));
  EXPECT_EQ(user_->due(), "2026-03-05T12:00:00Z");
}

TEST_F(WaitUntil, ADateWithoutATimeIsItsMidnight) {
  enters("2026-03-01T09:00Z", Value(graph::Date{20'517}));  // 2026-03-05
  EXPECT_EQ(user_->due(), "2026-03-04T23:00:00Z");
  user_->change("timeZone", Value("America/New_York"));
  EXPECT_EQ(user_->due(), "2026-03-05T05:00:00Z");
}

// Else every change of the profile would push the end further away.
TEST_F(WaitUntil, NowIsReadAsOfArrival) {
  const auto in_two_days =
      b_.op(Op::kAddDuration, {b_.op(Op::kNow, {}), b_.constant(Value(test::calendar_days(2)))});
  begin_with("2026-03-01T09:00Z", Value(), in_two_days);
  user_->at("2026-03-02T09:00Z");
  user_->change("plan", Value("pro"));
  EXPECT_EQ(user_->due(), "2026-03-03T09:00:00Z");
}

}  // namespace
}  // namespace sojourn::engine
