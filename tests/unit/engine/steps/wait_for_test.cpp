#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::EventArm;
using graph::Op;
using graph::Since;
using graph::Value;
using test::elapsed_hours;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

// wait for login up to 2d { exit as came } timeout { exit as timeout }, after
// `before` hours in the step `first`.
class WaitFor : public testing::Test {
 protected:
  EventArm login(Since since = Since::kEntry, std::string step = {}) {
    return {.event = "login",
            .where = graph::kNoExpr,
            .bind = {},
            .since = since,
            .since_step = std::move(step),
            .next = came_};
  }
  graph::WaitFor wait(std::vector<std::variant<EventArm, graph::ConditionArm>> arms) {
    return {.arms = std::move(arms), .up_to = base::days24(2), .timeout = timeout_};
  }
  // Entered at 09:00 on 1 March.
  void begin(graph::StepIndex first) {
    user_.emplace(b_.build(first));
    user_->enters();
  }

  GraphBuilder b_;
  graph::StepIndex came_ = b_.exit("came");
  graph::StepIndex timeout_ = b_.exit("timeout");
  std::optional<OneUser> user_;
};

TEST_F(WaitFor, TheEventEndsIt) {
  begin(b_.step("wait", wait({login()})));
  EXPECT_EQ(user_->due(), "2026-03-03T09:00:00Z");
  user_->at("2026-03-02T09:00Z");
  user_->event("purchase");
  EXPECT_EQ(user_->place(), "wait");
  user_->event("login");
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, WithoutTheEventItTimesOut) {
  begin(b_.step("wait", wait({login()})));
  user_->passes_until("2026-03-03T09:00Z");
  EXPECT_EQ(user_->effects(), "wait -> timeout; exit timeout");
}

TEST_F(WaitFor, TheConditionOfTheEventMustHold) {
  EventArm arm = login();
  arm.where = b_.equal(b_.event("device"), b_.user("device"));
  begin(b_.step("wait", wait({arm})));
  user_->profile.fields["device"] = Value("phone");
  user_->event("login", {{"device", Value("laptop")}});
  EXPECT_EQ(user_->place(), "wait");
  user_->event("login", {{"device", Value("phone")}});
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, AnEventThatCameBeforeTheWaitBeganIsNotLost) {
  begin(b_.wait("first", elapsed_hours(1), b_.step("wait", wait({login()}))));
  user_->at("2026-03-01T09:59:59Z");
  user_->event("login");
  EXPECT_EQ(user_->place(), "first");
  user_->passes_until("2026-03-01T10:00Z");
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, AnEventBeforeTheEntryDoesNotCount) {
  user_.emplace(b_.build(b_.step("wait", wait({login()}))));
  user_->at("2026-03-01T08:00Z");
  user_->add_event("login");
  user_->at("2026-03-01T09:00Z");
  user_->enters();
  EXPECT_EQ(user_->place(), "wait");
}

TEST_F(WaitFor, SinceEntryGoesByWhenEventsHappened) {
  begin(b_.step("wait", wait({login()})));
  user_->at("2026-03-01T12:00Z");
  user_->event("login", {}, instant("2026-03-01T08:59Z"));  // came late, happened before
  EXPECT_EQ(user_->place(), "wait");
  user_->event("login", {}, instant("2026-03-01T09:01Z"));
  EXPECT_EQ(user_->place(), "ended: came");
}

// The entry event itself came late: what happened after it may have come before it.
TEST_F(WaitFor, AnEventThatHappenedAfterTheEntryCountsThoughItCameBefore) {
  user_.emplace(b_.build(b_.step("wait", wait({login()}))));
  user_->at("2026-03-01T08:30Z");
  user_->add_event("login");
  user_->at("2026-03-01T09:00Z");
  EventFact entry = user_->add_event("signup", {}, instant("2026-03-01T08:00Z"));
  user_->enrollment =
      enter(user_->graph(), {}, 7, 1, {}, user_->facts(), entry, user_->now).enrollment;
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, TheEntryEventNeverEndsAWait) {
  EventArm arm = login();
  arm.event = "signup";
  begin(b_.step("wait", wait({arm})));
  EXPECT_EQ(user_->place(), "wait");
  const EventFact entry = user_->history[0];
  user_->take(EventArrived{entry});
  EXPECT_EQ(user_->place(), "wait");
  user_->event("signup");
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, HereLooksBackNoFurtherThanTheWait) {
  begin(b_.wait("first", elapsed_hours(1), b_.step("wait", wait({login(Since::kHere)}))));
  user_->at("2026-03-01T09:59Z");
  user_->event("login");
  user_->passes_until("2026-03-01T10:00Z");
  EXPECT_EQ(user_->place(), "wait");
  user_->at("2026-03-01T10:30Z");
  user_->event("login", {}, instant("2026-03-01T09:59:30Z"));  // late: happened before the wait
  EXPECT_EQ(user_->place(), "wait");
  user_->event("login");
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, SinceAStepLooksBackToWhenItWasLastReached) {
  const auto last = b_.step("wait", wait({login(Since::kStep, "second")}));
  const auto second = b_.wait("second", elapsed_hours(1), last);
  begin(b_.wait("first", elapsed_hours(1), second));
  user_->at("2026-03-01T09:30Z");
  user_->event("login");  // in `first`
  user_->passes_until("2026-03-01T11:00Z");
  EXPECT_EQ(user_->place(), "wait");
  user_->event("login", {}, instant("2026-03-01T10:00Z"));  // exactly when `second` was reached
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, SinceAStepThatWasNeverReachedNothingCounts) {
  const auto last = b_.step("wait", wait({login(Since::kStep, "other")}));
  b_.wait("other", elapsed_hours(1), last);
  begin(last);
  user_->event("login");
  EXPECT_EQ(user_->place(), "wait");
}

TEST_F(WaitFor, OneEventEndsAtMostOneWait) {
  EventArm to_second = login();
  const auto second = b_.step("second", wait({login()}));
  to_second.next = second;
  begin(b_.wait("rest", elapsed_hours(1), b_.step("first", wait({to_second}))));
  user_->event("login");
  user_->passes_until("2026-03-01T10:00Z");
  EXPECT_EQ(user_->place(), "second");
  user_->event("login");
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, TwoEventsFromBeforeEndTwoWaitsEarliestFirst) {
  EventArm to_second = login();
  to_second.bind = 0;
  const auto second_arm = [&] {
    EventArm arm = login();
    arm.where = b_.op(Op::kGreater, {b_.event("n"), b_.member(b_.local(0), "n")});
    return arm;
  }();
  b_.use_slot(0);
  to_second.next = b_.step("second", wait({second_arm}));
  begin(b_.wait("rest", elapsed_hours(1), b_.step("first", wait({to_second}))));
  user_->event("login", {{"n", Value(std::int64_t{1})}});
  user_->event("login", {{"n", Value(std::int64_t{2})}});
  user_->passes_until("2026-03-01T10:00Z");
  EXPECT_EQ(user_->place(), "ended: came");
  EXPECT_EQ(user_->path(), (std::vector<std::string>{"rest", "first", "second", "came"}));
}

TEST_F(WaitFor, AConditionThatHoldsGoesOnAtOnce) {
  const auto pro = b_.equal(b_.user("plan"), b_.text("pro"));
  user_.emplace(b_.build(b_.step("wait", wait({graph::ConditionArm{pro, b_.exit("pro")}}))));
  user_->profile.fields["plan"] = Value("pro");
  user_->enters();
  EXPECT_EQ(user_->effects(), "wait -> condition; exit pro");
}

TEST_F(WaitFor, AConditionThatBecomesTrueEndsIt) {
  const auto pro = b_.equal(b_.user("plan"), b_.text("pro"));
  begin(b_.step("wait", wait({graph::ConditionArm{pro, b_.exit("pro")}})));
  user_->change("plan", Value("free"));
  EXPECT_EQ(user_->place(), "wait");
  user_->change("plan", Value("pro"));
  EXPECT_EQ(user_->place(), "ended: pro");
}

TEST_F(WaitFor, AnEventThatHappenedAfterTheDeadlineDoesNotEndIt) {
  begin(b_.step("wait", wait({login()})));
  user_->at("2026-03-03T08:59Z");
  user_->event("login", {}, instant("2026-03-03T09:00:01Z"));  // its sender's clock is ahead
  EXPECT_EQ(user_->place(), "wait");
  user_->event("login", {}, instant("2026-03-03T09:00Z"));
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, AnEventThatArrivesAfterTheTimeoutDoesNotUndoIt) {
  graph::WaitFor step = wait({login()});
  step.timeout = b_.wait("after", elapsed_hours(24));
  begin(b_.step("wait", step));
  user_->passes_until("2026-03-03T09:00Z");
  user_->at("2026-03-03T10:00Z");
  user_->event("login", {}, instant("2026-03-02T09:00Z"));
  EXPECT_EQ(user_->place(), "after");
}

TEST_F(WaitFor, ATimerDueComesBeforeAnEventOfTheSameInstant) {
  begin(b_.step("wait", wait({login()})));
  user_->at("2026-03-03T09:00Z");
  user_->event("login");  // nobody sent TimerDue first
  EXPECT_EQ(user_->place(), "ended: timeout");
}

TEST_F(WaitFor, OfSeveralArmsTheFirstToHappenWins) {
  EventArm purchase = login();
  purchase.event = "purchase";
  purchase.next = b_.exit("bought");
  begin(b_.wait("first", elapsed_hours(1), b_.step("wait", wait({login(), purchase}))));
  user_->at("2026-03-01T09:10Z");
  user_->event("purchase");
  user_->at("2026-03-01T09:20Z");
  user_->event("login");
  user_->passes_until("2026-03-01T10:00Z");
  EXPECT_EQ(user_->place(), "ended: bought");
}

TEST_F(WaitFor, OfSeveralAtOnceTheFirstWrittenWins) {
  EventArm second = login();
  second.next = b_.exit("second");
  begin(b_.step("wait", wait({login(), second})));
  user_->event("login");
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, AConditionAndAnEventAtOnceGoByTheOrderWritten) {
  const auto yes = b_.equal(b_.user("ready"), b_.constant(Value(true)));
  const graph::ConditionArm condition{yes, b_.exit("ready")};
  begin(b_.step("wait", wait({condition, login()})));
  user_->profile.fields["ready"] = Value(true);
  user_->event("login");
  EXPECT_EQ(user_->place(), "ended: ready");
}

TEST_F(WaitFor, AnEarlierEventComesBeforeAConditionThatHoldsNow) {
  const auto yes = b_.equal(b_.user("ready"), b_.constant(Value(true)));
  const graph::ConditionArm condition{yes, b_.exit("ready")};
  begin(b_.wait("first", elapsed_hours(1), b_.step("wait", wait({condition, login()}))));
  user_->profile.fields["ready"] = Value(true);
  user_->event("login");
  user_->passes_until("2026-03-01T10:00Z");
  EXPECT_EQ(user_->place(), "ended: came");
}

TEST_F(WaitFor, AsBindsTheFieldsThatAreReadAndCreatedAt) {
  EventArm arm = login();
  arm.bind = 0;
  const auto device = b_.member(b_.local(0), "device");
  arm.next = b_.step(
      "let", graph::Let{.slot = 1, .value = device, .next = b_.wait("rest", elapsed_hours(1))});
  b_.use_slot(1);
  begin(b_.step("wait", wait({arm})));
  user_->event("login", {{"ip", Value("::1")}, {"device", Value("phone")}},
               instant("2026-03-01T09:00Z"));
  EXPECT_EQ(user_->enrollment->locals[0],
            Value(graph::Object{{"createdAt", Value(instant("2026-03-01T09:00Z"))},
                                {"device", Value("phone")}}));
  EXPECT_EQ(user_->enrollment->locals[1], Value("phone"));
}

TEST_F(WaitFor, AsBindsEveryFieldOfAnEventThatIsReadWhole) {
  EventArm arm = login();
  arm.bind = 0;
  arm.next = b_.step(
      "let",
      graph::Let{.slot = 1, .value = b_.local(0), .next = b_.wait("rest", elapsed_hours(1))});
  b_.use_slot(1);
  begin(b_.step("wait", wait({arm})));
  user_->event("login", {{"ip", Value("::1")}});
  EXPECT_EQ(user_->enrollment->locals[1].as_object().size(), 2U);
}

TEST_F(WaitFor, ATimeoutLeavesTheNameMissing) {
  EventArm arm = login();
  arm.bind = 0;
  graph::WaitFor step = wait({arm});
  const auto is_set = b_.op(Op::kIsSet, {b_.local(0)});
  step.timeout = b_.step(
      "branch", graph::Branch{.arms = {{is_set, b_.exit("set")}}, .otherwise = b_.exit("missing")});
  begin(b_.step("wait", step));
  user_->passes_until("2026-03-03T09:00Z");
  EXPECT_EQ(user_->place(), "ended: missing");
}

}  // namespace
}  // namespace sojourn::engine
