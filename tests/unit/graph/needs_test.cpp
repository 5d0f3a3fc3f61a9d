#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/graph.h"
#include "graph/verify.h"
#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A journey whose steps a test writes down; its zone is fixed, so that the needs
// hold nothing but what the test puts there.
class NeedsTest : public testing::Test {
 protected:
  NeedsTest() {
    graph_.journey = "test";
    graph_.zone_chain = {pool_.constant(Value("UTC"))};
    graph_.local_count = 1;
  }

  void step(std::string identity, decltype(Step::action) action) {
    graph_.steps.push_back({std::move(identity), std::move(action), {}});
  }
  Send send(StepIndex next, ExprId data = kNoExpr) {
    Send out;
    out.campaign = "mail";
    out.data = data;
    out.next = next;
    out.unreachable = next;
    return out;
  }
  Wait wait(StepIndex next) {
    Wait out;
    out.duration.days = 1;
    out.next = next;
    return out;
  }
  WaitFor wait_for(EventArm arm, StepIndex timeout) {
    return WaitFor{{std::move(arm)}, base::days24(1), timeout};
  }
  const Needs& needs_of(StepIndex step) {
    graph_.first = 0;
    compute_needs(graph_);
    const base::Status sound = verify(graph_);
    EXPECT_TRUE(sound) << sound.error().message;
    return graph_.steps[step].needs;
  }
  ExprId data(const char* field) { return pool_.object({"x"}, {pool_.user(field)}); }

  Graph graph_;
  samples::Pool pool_{graph_.expressions};
};

TEST_F(NeedsTest, ExitRulesAndTheZoneAreReadAtEveryRestingPlace) {
  graph_.zone_chain.insert(graph_.zone_chain.begin(), pool_.user("timeZone"));
  const ExprId where = pool_.apply(Op::kEqual, {pool_.event("id"), pool_.user("account")});
  graph_.exits = {ExitOnEvent{"bought", where, "bought"},
                  ExitWhen{pool_.apply(Op::kIsSet, {pool_.user("leftAt")}), "left"}};
  step("wait 1", wait(1));
  step("wait 2", wait(kCompleted));
  EXPECT_THAT(needs_of(0).user_fields, ElementsAre("account", "leftAt", "timeZone"));
  EXPECT_THAT(needs_of(1).user_fields, ElementsAre("account", "leftAt", "timeZone"));
}

TEST_F(NeedsTest, OnePerIsReadFromTheEntryAndNotNeeded) {
  graph_.one_per = {pool_.user("team")};
  step("wait 1", wait(kCompleted));
  EXPECT_THAT(needs_of(0).user_fields, IsEmpty());
}

TEST_F(NeedsTest, DataOfASendIsReadWhereItLeavesAndNotBefore) {
  step("wait 1", wait(1));
  step("mail", send(kCompleted, data("plan")));
  EXPECT_THAT(needs_of(0).user_fields, IsEmpty());
  EXPECT_THAT(needs_of(1).user_fields, ElementsAre("plan"));
}

TEST_F(NeedsTest, EveryStepPassedBeforeTheNextRestingPlaceIsRead) {
  step("wait 1", wait(1));
  step("if 1", Branch{{{pool_.apply(Op::kIsSet, {pool_.user("a")}), 2}}, 3});
  step("let 1", Let{0, pool_.user("b"), 4});
  step("update 1", UpdateUser{data("c"), 4});
  step("wait 2", wait(5));
  step("track 1", Track{"done", data("beyond"), kCompleted});
  EXPECT_THAT(needs_of(0).user_fields, ElementsAre("a", "b", "c"));
  EXPECT_THAT(needs_of(4).user_fields, ElementsAre("beyond"));
}

TEST_F(NeedsTest, StepsThatArePassedHaveNone) {
  step("let 1", Let{0, pool_.user("b"), 1});
  step("wait 1", wait(kCompleted));
  EXPECT_THAT(needs_of(0), Needs{});
}

TEST_F(NeedsTest, HistoryIsNeededWhereItIsAskedForAndWhereThatIsNext) {
  step("wait 1", wait(1));
  step("wait 2", wait_for(samples::on_event("order", 2), kCompleted));
  step("wait 3", wait(kCompleted));
  const Needs::History order{"order", Since::kEntry};
  EXPECT_THAT(needs_of(0).history, ElementsAre(order));
  EXPECT_THAT(needs_of(1).history, ElementsAre(order));
  EXPECT_THAT(needs_of(2).history, IsEmpty());
}

TEST_F(NeedsTest, AnEventSinceHereIsNotLookedForBeforeThePlaceIsReached) {
  EventArm arm = samples::on_event("order", kCompleted);
  arm.since = Since::kHere;
  step("wait 1", wait(1));
  step("wait 2", wait_for(arm, kCompleted));
  EXPECT_THAT(needs_of(0).history, IsEmpty());
  EXPECT_THAT(needs_of(1).history, ElementsAre(Needs::History{"order", Since::kHere}));
}

TEST_F(NeedsTest, AWaitThatMayBeOverOnArrivalIsLookedThrough) {
  step("wait 1", wait(1));
  step("wait 2", wait_for(samples::on_event("order", 2), 4));
  step("wait 3", wait_for(samples::on_event("paid", 3), kCompleted));
  step("let 1", Let{0, pool_.user("afterBoth"), kCompleted});
  step("let 2", Let{0, pool_.user("afterTimeout"), kCompleted});
  EXPECT_THAT(needs_of(0).user_fields, ElementsAre("afterBoth"));
  EXPECT_THAT(needs_of(0).history, ElementsAre(Needs::History{"order", Since::kEntry},
                                               Needs::History{"paid", Since::kEntry}));
  EXPECT_THAT(needs_of(1).user_fields, ElementsAre("afterBoth", "afterTimeout"));
}

TEST_F(NeedsTest, ADateGoneByIsLookedThroughButNotADateToCome) {
  WaitUntil until;
  until.time = pool_.user("endsAt");
  until.next = 2;
  until.past = 3;
  until.missing = kCompleted;
  step("wait 1", wait(1));
  step("wait 2", until);
  step("let 1", Let{0, pool_.user("afterwards"), kCompleted});
  step("let 2", Let{0, pool_.user("whenPast"), kCompleted});
  EXPECT_THAT(needs_of(0).user_fields, ElementsAre("endsAt", "whenPast"));
  EXPECT_THAT(needs_of(1).user_fields, ElementsAre("afterwards", "endsAt", "whenPast"));
}

TEST_F(NeedsTest, AWaitWithATimeOfDayMayBeOverAtOnce) {
  Wait at_nine = wait(2);
  at_nine.at = TimeOfDay{540};
  step("wait 1", wait(1));
  step("wait 2", at_nine);
  step("let 1", Let{0, pool_.user("next"), kCompleted});
  EXPECT_THAT(needs_of(0).user_fields, ElementsAre("next"));
}

TEST_F(NeedsTest, ASendInARungReadsTheDateOfItsSchedule) {
  Schedule schedule;
  schedule.around = pool_.user("endsAt");
  schedule.rungs = {{Duration{0, 3, 0}, true, std::nullopt, 2}};
  schedule.missing = kCompleted;
  step("wait 1", wait(1));
  step("schedule 1", schedule);
  step("first", send(3));
  step("second", send(1));
  EXPECT_THAT(needs_of(0).user_fields, ElementsAre("endsAt"));
  EXPECT_THAT(needs_of(2).user_fields, ElementsAre("endsAt"));
  EXPECT_THAT(needs_of(3).user_fields, ElementsAre("endsAt"));
}

}  // namespace
}  // namespace sojourn::graph
