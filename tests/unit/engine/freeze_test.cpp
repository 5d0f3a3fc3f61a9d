// What a clock that stands moves, and what stays: each kind of pending time.
#include "engine/freeze.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using base::days24;
using base::hours;
using graph::Op;
using graph::Value;
using test::calendar_days;
using test::clock;
using test::elapsed_hours;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

class Freeze : public testing::Test {
 protected:
  // On 1 March at 09:00, 10:00 in Berlin.
  void begin(graph::StepIndex first) {
    user_.emplace(b_.build(first));
    user_->profile.fields["plan"] = Value("free");
    user_->enters();
    user_->effects();
  }
  // From now on; nobody notices.
  void frozen_for(base::Millis length) {
    user_->clock.stood.count += length.count;
    user_->now = user_->now + length;
  }
  // As `frozen_for`, and then a stale wake-up; when it is due now.
  std::string due_after(base::Millis length) {
    frozen_for(length);
    user_->wakes();
    return user_->place() == "wait" ? user_->due() : user_->place();
  }
  graph::StepIndex wait_at(graph::Duration duration, graph::TimeOfDay at) {
    return b_.step("wait", graph::Wait{.duration = duration, .at = at});
  }
  graph::WaitFor login_within(base::Millis up_to) {
    graph::EventArm arm;
    arm.event = "login";
    arm.next = b_.exit("came");
    graph::WaitFor wait;
    wait.arms = {arm};
    wait.up_to = up_to;
    wait.timeout = b_.exit("gave_up");
    return wait;
  }

  GraphBuilder b_;
  std::optional<OneUser> user_;
};

TEST_F(Freeze, AWaitHasAsMuchLeftAsBefore) {
  begin(b_.wait("wait", elapsed_hours(24)));
  user_->at("2026-03-01T15:00Z");
  EXPECT_EQ(due_after(days24(5)), "2026-03-07T09:00:00Z");
  EXPECT_EQ(due_after(hours(1)), "2026-03-07T10:00:00Z") << "and again";
  user_->passes_until("2026-03-07T09:59Z");
  EXPECT_EQ(user_->place(), "wait");
  user_->passes_until("2026-03-07T10:00Z");
  EXPECT_EQ(user_->place(), "ended: completed");
}

TEST_F(Freeze, WhatWasDueBeforeRuns) {
  begin(b_.wait("wait", elapsed_hours(24)));
  user_->at("2026-03-02T09:00Z");
  EXPECT_EQ(due_after(days24(5)), "ended: completed");
}

// The clock stands still: it goes on from where it was at every touch.
TEST_F(Freeze, WhatWasStillToComeIsStillToComeWhileItStands) {
  begin(b_.wait("wait", elapsed_hours(24)));
  user_->at("2026-03-02T08:59:59.999Z");
  user_->clock.stands = true;
  for (int i = 0; i < 3; ++i) {
    frozen_for(days24(7));
    user_->event("login");
    EXPECT_EQ(user_->place(), "wait");
    EXPECT_EQ(*user_->enrollment->next_due(), user_->now + base::Millis{1});
  }
}

TEST_F(Freeze, WhatBeginsMeanwhileLastsAsLongAsItSays) {
  graph::WaitFor first = login_within(days24(3));
  std::get<graph::EventArm>(first.arms[0]).next = b_.wait("wait", elapsed_hours(48));
  user_.emplace(b_.build(b_.step("for", first)));
  user_->clock = {.stood = days24(9), .stands = false};
  user_->enters();
  EXPECT_EQ(user_->due(), "2026-03-04T09:00:00Z") << "a newcomer has nothing to follow";
  user_->clock.stands = true;
  frozen_for(hours(2));
  user_->event("login");
  EXPECT_EQ(user_->due(), "2026-03-03T11:00:00Z");
  EXPECT_EQ(due_after(hours(5)), "2026-03-03T16:00:00Z");
}

// `wait 3d`, over the night in which Berlin changes its clock.
TEST_F(Freeze, AWaitOfDaysHasAsMuchLeftAndFollowsTheZoneFromThere) {
  b_.zone(b_.user("timeZone"));
  user_.emplace(b_.build(b_.wait("wait", calendar_days(3))));
  user_->at("2026-03-27T11:00Z");  // 12:00 in Berlin
  user_->enters();
  ASSERT_EQ(user_->due(), "2026-03-30T10:00:00Z");
  user_->at("2026-03-28T11:00Z");
  EXPECT_EQ(due_after(hours(26)), "2026-03-31T12:00:00Z");
  user_->change("timeZone", Value("Asia/Tokyo"));
  EXPECT_EQ(user_->due(), "2026-03-31T05:00:00Z") << "14:00 there, too";
}

// `wait 3d at 09:00`: the length goes on, the time of day is looked for anew.
TEST_F(Freeze, ATimeOfDayIsThatOfTheDayOnWhichTheLengthEndsNow) {
  user_.emplace(b_.build(wait_at(calendar_days(3), clock(9))));
  user_->at("2026-03-01T21:00Z");  // 22:00 in Berlin
  user_->enters();
  ASSERT_EQ(user_->due(), "2026-03-04T08:00:00Z");
  EXPECT_EQ(due_after(hours(1)), "2026-03-04T08:00:00Z") << "23:00 is the same day";
  EXPECT_EQ(due_after(hours(4)), "2026-03-05T08:00:00Z") << "and 03:00 the next";
  EXPECT_EQ(due_after(days24(9)), "2026-03-14T08:00:00Z");
}

TEST_F(Freeze, ATimeOfDayThatHasGoneByOnThatDayIsLate) {
  user_.emplace(b_.build(wait_at(calendar_days(3), clock(9))));
  user_->at("2026-03-01T07:00Z");
  user_->enters();
  user_->at("2026-03-04T07:30Z");
  EXPECT_EQ(due_after(hours(1)), "ended: completed");
}

TEST_F(Freeze, TheTimeForAnEventGoesOnAlsoForOneThatComesLate) {
  begin(b_.step("wait", login_within(days24(1))));
  user_->at("2026-03-01T21:00Z");
  EXPECT_EQ(due_after(days24(2)), "2026-03-04T09:00:00Z");
  // It happened when the wait would have been over, had the clock gone on.
  user_->event("login", {}, instant("2026-03-03T12:00Z"));
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(Freeze, ADigestTakesInForAsLongAsItSays) {
  b_.use_slot(1);
  graph::Collect collect;
  collect.event = "comment";
  collect.length = hours(1);
  collect.keep = 5;
  collect.next = b_.exit("done");
  begin(b_.step("wait", collect));
  user_->at("2026-03-01T09:30Z");
  EXPECT_EQ(due_after(hours(10)), "2026-03-01T20:00:00Z");
}

TEST_F(Freeze, ACallIsOpenForAsLongAsItSays) {
  b_.use_slot(0);
  graph::Call call;
  call.webhook = "scoring";
  call.up_to = base::seconds(10);
  call.next = b_.exit("answered");
  call.otherwise = b_.exit("failed");
  begin(b_.step("wait", call));
  user_->now = user_->now + base::seconds(4);
  frozen_for(hours(1));
  const auto until = call_open_until(*user_->enrollment, user_->enrollment->at, 1, user_->clock);
  EXPECT_EQ(base::to_iso8601(*until), "2026-03-01T10:00:10Z") << "nobody has touched it yet";
  user_->wakes();
  EXPECT_EQ(user_->due(), "2026-03-01T10:00:10Z");
}

TEST_F(Freeze, WhatHasToHoldForSomeTimeHoldsThatMuchLonger) {
  b_.exit_when(b_.equal(b_.user("plan"), b_.text("free")), "free_for_long", days24(2));
  begin(b_.send("wait"));
  user_->at("2026-03-02T09:00Z");
  frozen_for(days24(1));
  EXPECT_FALSE(std::holds_alternative<SendSkipped>(user_->decides())) << "no exit yet";
  const Enrollment shown =
      with_clock_followed(user_->graph(), *user_->enrollment, user_->facts(), user_->now);
  EXPECT_EQ(base::to_iso8601(*shown.next_due()), "2026-03-04T09:00:00Z");
  user_->wakes();
  EXPECT_EQ(user_->due(), "2026-03-04T09:00:00Z");
  user_->passes_until("2026-03-04T09:00Z");
  EXPECT_EQ(user_->place(), "ended: free_for_long");
}

TEST_F(Freeze, WhatTimeAloneMadeTrueMeanwhileHoldsFromThenOn) {
  graph::Expression count{.op = Op::kCountEvents, .name = "login"};
  count.window = {graph::Window::Kind::kWithin, days24(2), {}};
  b_.exit_when(b_.equal(b_.add(count), b_.integer(0)), "asleep", days24(4));
  user_.emplace(b_.build(b_.wait("wait", calendar_days(60))));
  user_->add_event("login");
  user_->enters();
  user_->at("2026-03-02T09:00Z");
  frozen_for(days24(10));
  user_->wakes();
  ASSERT_EQ(user_->enrollment->held.size(), 1U);
  EXPECT_EQ(user_->due(), "2026-03-16T09:00:00Z") << "none of it while the clock stood";
}

TEST_F(Freeze, APlaceInTheQueueMoves) {
  b_.graph().pace = graph::Pace{.most = 1, .per = hours(1), .up_to = {}};
  user_.emplace(b_.build(b_.wait("wait", elapsed_hours(1))));
  const EventFact event = user_->add_event("signup");
  user_->enrollment = enter(user_->graph(), graph::Version{1, 2}, 7, 1, base::Hash128{3, 4},
                            user_->facts(), event, user_->now, instant("2026-03-01T10:00Z"))
                          .enrollment;
  user_->at("2026-03-01T09:30Z");
  frozen_for(hours(5));
  user_->wakes();
  EXPECT_TRUE(user_->enrollment->queued);
  EXPECT_EQ(user_->due(), "2026-03-01T15:00:00Z");
}

TEST_F(Freeze, ADateStays) {
  graph::WaitUntil until;
  until.time = b_.user("trialEndsAt");
  until.next = b_.exit("reached");
  until.past = b_.exit("past");
  until.missing = b_.exit("missing");
  user_.emplace(b_.build(b_.step("wait", until)));
  user_->profile.fields["trialEndsAt"] = Value(instant("2026-03-05T12:00Z"));
  user_->enters();
  EXPECT_EQ(due_after(days24(2)), "2026-03-05T12:00:00Z");
  EXPECT_EQ(due_after(days24(7)), "ended: reached") << "late, as after any pause";
}

TEST_F(Freeze, ATimeOfDayThatNoLengthLeadsToStays) {
  graph::WaitUntilTime until{.day = {}, .from = clock(9), .to = {}};
  begin(b_.step("wait", until));
  ASSERT_EQ(user_->due(), "2026-03-02T08:00:00Z");
  EXPECT_EQ(due_after(hours(20)), "2026-03-02T08:00:00Z");
}

TEST_F(Freeze, ALadderStays) {
  const graph::StepIndex place = b_.place("wait");
  graph::Schedule schedule;
  schedule.around = b_.user("trialEndsAt");
  schedule.rungs.push_back(
      {.offset = calendar_days(3), .before = true, .at = {}, .body = b_.send("week", place)});
  schedule.next = b_.exit("done");
  schedule.missing = b_.exit("missing");
  b_.set(place, schedule);
  user_.emplace(b_.build(place));
  user_->profile.fields["trialEndsAt"] = Value(instant("2026-03-20T11:00Z"));
  user_->enters();
  EXPECT_EQ(due_after(days24(4)), "2026-03-17T11:00:00Z");
}

// It is about the reader, not about the journey.
TEST_F(Freeze, TheDeadlineOfAMessageStays) {
  begin(b_.step("wait", graph::Send{.campaign = "welcome", .deadline = hours(1)}));
  frozen_for(hours(2));
  const SendDecision decision = user_->decides();
  const auto* skipped = std::get_if<SendSkipped>(&decision);
  ASSERT_NE(skipped, nullptr);
  EXPECT_EQ(skipped->reason, "late");
}

TEST_F(Freeze, WhatStandsBesideTheStepsStays) {
  begin(b_.wait("wait", elapsed_hours(24)));
  const Enrollment before = *user_->enrollment;
  frozen_for(days24(1));
  user_->wakes();
  EXPECT_EQ(user_->enrollment->entered_at, before.entered_at);
  EXPECT_EQ(user_->enrollment->arrived_at, before.arrived_at);
  EXPECT_EQ(user_->enrollment->entry_created_at, before.entry_created_at);
  EXPECT_EQ(user_->enrollment->measure, before.measure);
}

// Told once, when the clock goes on, and not with every event while it stands.
TEST_F(Freeze, TheMoveIsToldWhenTheClockGoesOn) {
  begin(b_.wait("wait", elapsed_hours(24)));
  const auto told = [&] {
    Facts facts = user_->facts();
    facts.explains = true;
    Advanced advanced =
        advance(user_->graph(), *user_->enrollment, facts, ProfileChanged{}, user_->now);
    user_->enrollment = advanced.enrollment;
    return advanced.decisions;
  };
  user_->clock.stands = true;
  frozen_for(hours(3));
  EXPECT_TRUE(told().empty());
  frozen_for(hours(3));
  user_->clock.stands = false;
  const auto decisions = told();
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].kind, Decision::Kind::kMoved);
  EXPECT_EQ(base::to_iso8601(*decisions[0].until), "2026-03-02T15:00:00Z");
  EXPECT_EQ(decisions[0].why.rule, "the journey was frozen");
}

TEST_F(Freeze, WhoOnlyLooksSeesItMovedAndChangesNothing) {
  begin(b_.wait("wait", elapsed_hours(24)));
  const Enrollment before = *user_->enrollment;
  frozen_for(hours(6));
  const Enrollment now = with_clock_followed(user_->graph(), before, user_->facts(), user_->now);
  EXPECT_EQ(*now.next_due(), *before.next_due() + hours(6));
  EXPECT_EQ(now.timers.size(), before.timers.size());
  // A clock that was set back has nothing to give back.
  user_->enrollment = now;
  user_->clock.stood = hours(2);
  user_->wakes();
  EXPECT_EQ(*user_->enrollment, now);
}

}  // namespace
}  // namespace sojourn::engine
