#include "engine/exits.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Value;
using test::calendar_days;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

// exit on purchase where event.ns == entry.ns as converted
// exit when user.plan == "free" as downgraded
class Exits : public testing::Test {
 protected:
  Exits() {
    b_.exit_on("purchase", b_.equal(b_.event("ns"), b_.entry("ns")), "converted");
    b_.exit_when(b_.equal(b_.user("plan"), b_.text("free")), "downgraded");
  }
  void begin(graph::StepIndex first) {
    user_.emplace(b_.build(first));
    user_->enters({{"ns", Value("n1")}});
    user_->effects();
  }
  void buys() { user_->event("purchase", {{"ns", Value("n1")}}); }

  GraphBuilder b_;
  std::optional<OneUser> user_;
};

TEST_F(Exits, AnEventEndsSomeoneWhoWaitsAndHisTimer) {
  begin(b_.wait("wait", calendar_days(3)));
  buys();
  EXPECT_EQ(user_->effects(), "exit converted");
  EXPECT_EQ(user_->place(), "ended: converted");
  EXPECT_EQ(user_->due(), "none");
}

TEST_F(Exits, TheConditionOfTheEventMustHold) {
  begin(b_.wait("wait", calendar_days(3)));
  user_->event("purchase", {{"ns", Value("n2")}});
  user_->event("purchase");
  EXPECT_EQ(user_->place(), "wait");
}

TEST_F(Exits, AnEventEndsSomeoneWhoseMessageIsOnItsWayAndTakesItBack) {
  begin(b_.send("welcome"));
  buys();
  EXPECT_EQ(user_->effects(), "cancel welcome 1; exit converted");
}

TEST_F(Exits, AMessageThatHasEndedIsNotTakenBack) {
  begin(b_.send("welcome"));
  user_->profile.fields["plan"] = Value("free");
  user_->delivered(DeliveryEnded::Result::kSkipped);
  EXPECT_EQ(user_->effects(), "exit downgraded");
}

TEST_F(Exits, AMessageOfAnEarlierStepIsNotTakenBack) {
  begin(b_.send("welcome", b_.wait("wait", calendar_days(3))));
  user_->delivered();
  buys();
  EXPECT_EQ(user_->effects(), "exit converted");
}

TEST_F(Exits, AnEventEndsSomeoneInsideARung) {
  const auto schedule = b_.place("schedule");
  const auto pause = b_.wait("pause", calendar_days(1), schedule);
  b_.set(schedule,
         graph::Schedule{
             .around = b_.user("t"), .up_to = {}, .rungs = {{calendar_days(1), true, {}, pause}}});
  user_.emplace(b_.build(schedule));
  user_->profile.fields["t"] = Value(instant("2026-03-10T09:00Z"));
  user_->enters({{"ns", Value("n1")}});
  user_->passes_until("2026-03-09T09:00Z");
  ASSERT_EQ(user_->place(), "pause");
  buys();
  EXPECT_EQ(user_->place(), "ended: converted");
  EXPECT_TRUE(user_->enrollment->schedules.empty());
}

TEST_F(Exits, AChangeOfTheProfileEndsWhoeverItConcerns) {
  begin(b_.wait("wait", calendar_days(3)));
  user_->change("plan", Value("pro"));
  EXPECT_EQ(user_->place(), "wait");
  user_->change("plan", Value("free"));
  EXPECT_EQ(user_->place(), "ended: downgraded");
}

TEST_F(Exits, AConditionAlreadyTrueAtEntryExitsAtOnce) {
  user_.emplace(b_.build(b_.send("welcome")));
  user_->profile.fields["plan"] = Value("free");
  user_->enters({{"ns", Value("n1")}});
  EXPECT_EQ(user_->effects(), "exit downgraded");
}

TEST_F(Exits, TheEntryEventFiresNoExit) {
  b_.exit_on("signup");
  begin(b_.wait("wait", calendar_days(3)));
  EXPECT_EQ(user_->place(), "wait");
  const EventFact entry = user_->history[0];
  user_->take(EventArrived{entry});
  EXPECT_EQ(user_->place(), "wait");
  user_->event("signup");
  EXPECT_EQ(user_->place(), "ended: signup");
}

TEST_F(Exits, OfTwoRulesAtOneInputTheFirstWrittenGivesTheReason) {
  begin(b_.wait("wait", calendar_days(3)));
  user_->profile.fields["plan"] = Value("free");
  buys();
  EXPECT_EQ(user_->place(), "ended: converted");
}

TEST_F(Exits, AnExitComesBeforeTheWaitThatTheSameEventWouldEnd) {
  const graph::EventArm arm{.event = "purchase",
                            .where = graph::kNoExpr,
                            .bind = {},
                            .since = graph::Since::kEntry,
                            .since_step = {},
                            .next = b_.send("thanks")};
  begin(b_.step("wait", graph::WaitFor{.arms = {arm}, .up_to = base::days24(1)}));
  buys();
  EXPECT_EQ(user_->effects(), "exit converted");
}

TEST_F(Exits, AnEventThatHappenedBeforeTheEntryAndComesNowEnds) {
  begin(b_.wait("wait", calendar_days(3)));
  user_->event("purchase", {{"ns", Value("n1")}}, instant("2026-02-01T09:00Z"));
  EXPECT_EQ(user_->place(), "ended: converted");
}

TEST_F(Exits, AConditionThatTimeMakesTrueEndsAtTheTimer) {
  b_.exit_when(b_.op(graph::Op::kGreaterEqual, {b_.op(graph::Op::kNow, {}),
                                                b_.constant(Value(instant("2026-03-03T00:00Z")))}),
               "over");
  begin(b_.wait("wait", calendar_days(3), b_.send("late")));
  user_->passes_until("2026-03-04T09:00Z");
  EXPECT_EQ(user_->effects(), "exit over");
}

TEST(Stopped, EndsAnEnrollmentAndTakesBackItsMessage) {
  GraphBuilder b;
  OneUser user(b.build(b.send("welcome")));
  user.enters();
  const Advanced ended = advance(user.graph(), *user.enrollment, user.facts(), Stopped{}, user.now);
  EXPECT_EQ(ended.enrollment.exit_reason, "stopped");
  EXPECT_EQ(ended.enrollment.next_due(), std::nullopt);
  ASSERT_FALSE(ended.effects.empty());
  EXPECT_TRUE(std::holds_alternative<CancelSend>(ended.effects.front()));
}

TEST(Stopped, SaysWhyWhereItIsNoOperator) {
  GraphBuilder b;
  OneUser user(b.build(b.send("welcome")));
  user.enters();
  const Advanced ended =
      advance(user.graph(), *user.enrollment, user.facts(), Stopped{kMerged}, user.now);
  EXPECT_EQ(ended.enrollment.exit_reason, "merged");
}

}  // namespace
}  // namespace sojourn::engine
