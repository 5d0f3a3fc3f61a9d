#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Rung;
using graph::Value;
using test::calendar_days;
using test::clock;
using test::elapsed_hours;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

// schedule around user.trialEndsAt missing exit as missing {
//   3d before at 09:00 { send week }  2h before { send soon }  1d after { send over }
// } exit as done. T is 20 March, 12:00 in Berlin, unless a test says otherwise.
class Schedule : public testing::Test {
 protected:
  Schedule() { place_ = b_.place("schedule"); }

  void rung(graph::Duration offset, bool before, std::optional<graph::TimeOfDay> at,
            graph::StepIndex body) {
    step_.rungs.push_back({.offset = offset, .before = before, .at = at, .body = body});
  }
  void three_rungs() {
    rung(calendar_days(3), true, clock(9), b_.send("week", place_));
    rung(elapsed_hours(2), true, {}, b_.send("soon", place_));
    rung(calendar_days(1), false, {}, b_.send("over", place_));
  }
  void enters(std::string_view now, Value t = Value(instant("2026-03-20T11:00Z"))) {
    b_.zone(b_.user("timeZone"));
    step_.around = b_.user("trialEndsAt");
    step_.next = b_.exit("done");
    step_.missing = b_.exit("missing");
    b_.set(place_, step_);
    user_.emplace(b_.build(place_));
    if (!t.is_missing()) user_->profile.fields["trialEndsAt"] = std::move(t);
    user_->at(now);
    user_->enters();
  }
  void moves(Value t) { user_->change("trialEndsAt", std::move(t)); }
  std::string reason_not_sent() {
    const auto decision = user_->decides();
    const auto* skipped = std::get_if<SendSkipped>(&decision);
    return skipped != nullptr ? skipped->reason : "sent";
  }

  GraphBuilder b_;
  graph::StepIndex place_ = 0;
  graph::Schedule step_;
  std::optional<OneUser> user_;
};

TEST_F(Schedule, RungsRunInTheOrderOfTimeAndComeBack) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  EXPECT_EQ(user_->due(), "2026-03-17T08:00:00Z");
  user_->passes_until("2026-03-17T08:00Z");
  EXPECT_EQ(user_->effects(), "send week 1");
  user_->delivered();
  EXPECT_EQ(user_->place(), "schedule");
  EXPECT_EQ(user_->due(), "2026-03-20T09:00:00Z");
  user_->passes_until("2026-03-20T09:00Z");
  user_->delivered();
  EXPECT_EQ(user_->due(), "2026-03-21T11:00:00Z");
  user_->passes_until("2026-03-21T11:00Z");
  user_->delivered();
  EXPECT_EQ(user_->effects(), "send soon 1; send over 1; exit done");
  EXPECT_EQ(user_->path(), (std::vector<std::string>{"schedule", "week", "soon", "over", "done"}));
}

TEST_F(Schedule, ARungWhoseMomentHasGoneByOnArrivalIsSkippedAndRecorded) {
  three_rungs();
  enters("2026-03-18T09:00Z");
  EXPECT_EQ(user_->effects(), "skip rung 0");
  EXPECT_EQ(user_->due(), "2026-03-20T09:00:00Z");
}

TEST_F(Schedule, ARungDueExactlyNowRuns) {
  three_rungs();
  enters("2026-03-20T09:00Z");
  EXPECT_EQ(user_->effects(), "skip rung 0; send soon 1");
}

TEST_F(Schedule, WithEveryRungGoneByItGoesOn) {
  three_rungs();
  enters("2026-04-18T09:00Z");
  EXPECT_EQ(user_->effects(), "skip rung 0; skip rung 1; skip rung 2; exit done");
  EXPECT_TRUE(user_->enrollment->schedules.empty());
}

TEST_F(Schedule, AnOverdueRungRunsWhenTheDaemonComesBack) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  user_->at("2026-03-17T12:00Z");
  user_->wakes();
  EXPECT_EQ(user_->effects(), "send week 1");
}

TEST_F(Schedule, ARungThatItsElderMadeLateIsSkipped) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  user_->passes_until("2026-03-17T08:00Z");
  user_->at("2026-03-20T10:00Z");  // the first message was on its way for three days
  user_->delivered();
  EXPECT_EQ(user_->effects(), "send week 1; skip rung 1");
  EXPECT_EQ(user_->due(), "2026-03-21T11:00:00Z");
}

TEST_F(Schedule, MovesWithItsDateAndNoRungRunsTwice) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  user_->passes_until("2026-03-17T08:00Z");
  user_->delivered();
  user_->effects();
  moves(Value(instant("2026-04-20T10:00Z")));
  EXPECT_EQ(user_->due(), "2026-04-20T08:00:00Z");  // rung 0 had its turn
  user_->passes_until("2026-04-20T08:00Z");
  EXPECT_EQ(user_->effects(), "send soon 1");
}

TEST_F(Schedule, ARungThatAMovedDatePutsInThePastIsSkipped) {
  three_rungs();
  enters("2026-03-10T09:00Z");
  moves(Value(instant("2026-03-12T11:00Z")));
  EXPECT_EQ(user_->effects(), "skip rung 0");
  EXPECT_EQ(user_->due(), "2026-03-12T09:00:00Z");
}

TEST_F(Schedule, AnotherFieldLeavesItAlone) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  const Enrollment before = *user_->enrollment;
  user_->change("plan", Value("pro"));
  EXPECT_EQ(*user_->enrollment, before);
}

TEST_F(Schedule, AMissingDateGoesMissing) {
  three_rungs();
  enters("2026-03-01T09:00Z", Value());
  EXPECT_EQ(user_->place(), "ended: missing");
}

TEST_F(Schedule, ADateDeletedWhileWaitingGoesMissing) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  moves(Value());
  EXPECT_EQ(user_->place(), "ended: missing");
  EXPECT_TRUE(user_->enrollment->schedules.empty());
}

TEST_F(Schedule, ADateDeletedInsideARungGoesMissingAfterIt) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  user_->passes_until("2026-03-17T08:00Z");
  moves(Value());
  EXPECT_EQ(user_->place(), "week");
  user_->delivered();
  EXPECT_EQ(user_->place(), "ended: missing");
}

TEST_F(Schedule, ADateFurtherOffThanUpToCountsAsMissingAlsoWhenItMoves) {
  three_rungs();
  step_.up_to = base::days24(30);
  enters("2026-03-01T09:00Z");
  user_->at("2026-03-10T09:00Z");
  moves(Value(instant("2026-03-31T09:00Z")));
  EXPECT_EQ(user_->place(), "schedule");
  moves(Value(instant("2026-03-31T09:00:01Z")));
  EXPECT_EQ(user_->place(), "ended: missing");
}

TEST_F(Schedule, ABeforeRungMayRestInAWaitOfItsOwn) {
  const auto send = b_.send("second", place_);
  const auto wait = b_.wait("pause", calendar_days(1), send);
  rung(calendar_days(3), true, {}, b_.send("first", wait));
  rung(calendar_days(1), true, {}, b_.send("last", place_));
  enters("2026-03-01T09:00Z");
  user_->passes_until("2026-03-17T11:00Z");
  user_->delivered();
  EXPECT_EQ(user_->place(), "pause");
  user_->passes_until("2026-03-18T11:00Z");
  user_->delivered();
  EXPECT_EQ(user_->place(), "schedule");
  EXPECT_EQ(user_->due(), "2026-03-19T11:00:00Z");
}

TEST_F(Schedule, AMessageOfABeforeRungDoesNotLeaveAfterTheDate) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  user_->passes_until("2026-03-20T09:00Z");
  user_->delivered();  // `week`; `soon` is due now
  user_->wakes();
  ASSERT_EQ(user_->place(), "soon");
  user_->at("2026-03-20T11:00Z");
  EXPECT_EQ(reason_not_sent(), "sent");
  user_->at("2026-03-20T11:00:00.001Z");
  EXPECT_EQ(reason_not_sent(), "late");
  user_->profile.fields["trialEndsAt"] = Value(instant("2026-03-22T11:00Z"));
  EXPECT_EQ(reason_not_sent(), "sent");
}

TEST_F(Schedule, AMessageOfAnAfterRungLeavesAfterTheDate) {
  three_rungs();
  enters("2026-03-21T11:00Z");
  ASSERT_EQ(user_->place(), "over");
  EXPECT_EQ(reason_not_sent(), "sent");
}

TEST_F(Schedule, AMessageAfterTheScheduleIsNotBoundByIt) {
  rung(elapsed_hours(2), true, {}, place_);  // a rung without steps
  enters("2026-03-20T08:00Z");
  user_->passes_until("2026-03-20T09:00Z");
  EXPECT_EQ(user_->place(), "ended: done");
  EXPECT_EQ(user_->effects(), "exit done");
}

TEST_F(Schedule, AChangedZoneMovesACalendarRung) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  user_->change("timeZone", Value("America/New_York"));
  EXPECT_EQ(user_->due(), "2026-03-17T13:00:00Z");
}

// Noon in Berlin is seven in New York, but noon had been chosen.
TEST_F(Schedule, AnotherChangeAfterOneOfTheZoneMovesNothing) {
  rung(calendar_days(3), true, {}, b_.send("week", place_));
  enters("2026-03-01T09:00Z");
  EXPECT_EQ(user_->due(), "2026-03-17T11:00:00Z");
  user_->change("timeZone", Value("America/New_York"));
  EXPECT_EQ(user_->due(), "2026-03-17T16:00:00Z");
  user_->change("plan", Value("pro"));
  EXPECT_EQ(user_->due(), "2026-03-17T16:00:00Z");
}

TEST_F(Schedule, AChangedZoneThatPutsARungInThePastMakesItDueNow) {
  three_rungs();
  enters("2026-03-01T09:00Z");
  user_->at("2026-03-17T05:00Z");  // 14:00 in Tokyo
  user_->change("timeZone", Value("Asia/Tokyo"));
  EXPECT_EQ(user_->effects(), "send week 1");
}

TEST_F(Schedule, TwoRungsOfOneMomentRunAsWritten) {
  rung(calendar_days(1), true, {}, b_.send("one", place_));
  rung(elapsed_hours(24), true, {}, b_.send("two", place_));
  enters("2026-03-01T09:00Z");
  user_->passes_until("2026-03-19T11:00Z");
  EXPECT_EQ(user_->effects(), "send one 1");
  user_->delivered();
  EXPECT_EQ(user_->effects(), "send two 1");
}

TEST_F(Schedule, AScheduleInsideARungHasItsOwnRungs) {
  const auto inner = b_.place("inner");
  b_.set(inner, graph::Schedule{.around = b_.user("trialEndsAt"),
                                .up_to = {},
                                .rungs = {Rung{elapsed_hours(2), true, {}, b_.send("soon", inner)}},
                                .next = place_,
                                .missing = place_});
  rung(calendar_days(3), true, {}, inner);
  rung(calendar_days(1), false, {}, b_.send("over", place_));
  enters("2026-03-01T09:00Z");
  user_->passes_until("2026-03-17T11:00Z");
  EXPECT_EQ(user_->place(), "inner");
  EXPECT_EQ(user_->enrollment->schedules.size(), 2U);
  user_->passes_until("2026-03-20T09:00Z");
  user_->delivered();
  EXPECT_EQ(user_->place(), "schedule");
  EXPECT_EQ(user_->enrollment->schedules.size(), 1U);
  EXPECT_EQ(user_->due(), "2026-03-21T11:00:00Z");
}

}  // namespace
}  // namespace sojourn::engine
