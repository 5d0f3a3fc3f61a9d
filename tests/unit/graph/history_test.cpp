#include "graph/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/encode.h"
#include "graph/engagement.h"
#include "graph/verify.h"
#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class HistoryUseTest : public testing::Test {
 protected:
  HistoryUseTest() {
    graph_.journey = "test";
    graph_.zone_chain = {pool_.constant(Value("UTC"))};
    graph_.local_count = 2;
    graph_.steps.push_back({"wait 1", Wait{.duration = {}, .at = {}, .next = kCompleted}, {}});
    graph_.first = 0;
  }

  ExprId ask(Op op, std::string event, Window window = {}, std::vector<ExprId> arguments = {}) {
    const ExprId id = pool_.named(op, std::move(event), std::move(arguments));
    graph_.expressions[id].window = std::move(window);
    return id;
  }
  static Window within(std::int64_t days) {
    return {Window::Kind::kWithin, base::days24(days), {}};
  }
  ExprId is_above(const char* field, std::int64_t n) {
    return pool_.apply(Op::kGreater, {pool_.event(field), pool_.constant(Value(n))});
  }
  HistoryUse use_of(const std::string& event) {
    for (HistoryUse& use : history_used_by(graph_)) {
      if (use.event == event) return use;
    }
    ADD_FAILURE() << "nothing looks back at " << event;
    return {};
  }

  Graph graph_;
  samples::Pool pool_{graph_.expressions};
};

TEST_F(HistoryUseTest, AJourneyThatAsksNothingReadsNothing) {
  is_above("amount", 3);
  EXPECT_THAT(history_used_by(graph_), IsEmpty());
}

TEST_F(HistoryUseTest, AMeasureByClicksKeepsWhatWasSent) {
  Split split{"s", kNoExpr, {{"a", 10'000, kCompleted}}};
  split.measure = SplitMeasure{SplitMeasure::Kind::kClicked, 0, base::days24(2)};
  graph_.steps.push_back({"split s", split, {}});
  const HistoryUse sent = use_of(event_of(Engagement::kSent).name);
  EXPECT_TRUE(sent.while_enrolled);
  EXPECT_THAT(sent.fields, ElementsAre("campaign", "enrollment", "message"));
  EXPECT_TRUE(events_heard(graph_).contains(event_of(Engagement::kClicked).name));
}

TEST_F(HistoryUseTest, ABestTimeKeepsNinetyDaysOfEngagement) {
  Send send;
  send.campaign = "tour";
  send.best_time = base::hours(4);
  graph_.steps.push_back({"tour", send, {}});
  for (const Engagement what : {Engagement::kOpened, Engagement::kClicked}) {
    EXPECT_EQ(use_of(event_of(what).name).within, base::days24(90));
  }
}

TEST_F(HistoryUseTest, TheLongestWindowCounts) {
  ask(Op::kCountEvents, "login", within(7));
  ask(Op::kCountEvents, "login", within(30));
  ask(Op::kCountEvents, "login", within(1));
  const HistoryUse use = use_of("login");
  EXPECT_EQ(use.within, base::days24(30));
  EXPECT_FALSE(use.always);
  EXPECT_FALSE(use.while_enrolled);
}

TEST_F(HistoryUseTest, WithoutAWindowEverythingIsRead) {
  ask(Op::kCountEvents, "login");
  ask(Op::kCountEvents, "purchase", {Window::Kind::kBeforeEntry, {}, {}});
  EXPECT_TRUE(use_of("login").always);
  EXPECT_TRUE(use_of("purchase").always);
}

TEST_F(HistoryUseTest, SinceAnEntryOrAStepItIsReadWhileEnrolled) {
  ask(Op::kCountEvents, "login", {Window::Kind::kSinceEntry, {}, {}});
  ask(Op::kCountEvents, "purchase", {Window::Kind::kSinceStep, {}, "wait 1"});
  for (const char* event : {"login", "purchase"}) {
    EXPECT_TRUE(use_of(event).while_enrolled);
    EXPECT_FALSE(use_of(event).always);
  }
  EXPECT_EQ(use_of("login").within, kLookBack) << "it may have come before the entry";
  EXPECT_EQ(use_of("purchase").within, base::Millis{});
}

TEST_F(HistoryUseTest, OnlyTheFieldsThatAreReadCount) {
  ask(Op::kSumEvents, "purchase", {}, {pool_.event("amount"), is_above("items", 2)});
  ask(Op::kCountEvents, "purchase");
  ask(Op::kCountEvents, "login");
  EXPECT_THAT(use_of("purchase").fields, ElementsAre("amount", "items"));
  EXPECT_THAT(use_of("login").fields, IsEmpty());
  EXPECT_FALSE(use_of("login").whole);
}

TEST_F(HistoryUseTest, OfTheLastEventOnlyItsMembersAreRead) {
  pool_.named(Op::kMember, "amount", {ask(Op::kLastEvent, "purchase")});
  EXPECT_THAT(use_of("purchase").fields, ElementsAre("amount"));
  pool_.named(Op::kMember, "amount", {ask(Op::kLastEvent, "login")});
  ask(Op::kFirstEvent, "login");
  EXPECT_TRUE(use_of("login").whole) << "a `let` may hold it";
  EXPECT_THAT(use_of("login").fields, IsEmpty());
}

TEST_F(HistoryUseTest, AWaitLooksBackWhileEnrolledAtWhatItReads) {
  EventArm arm = samples::on_event("purchase", kCompleted);
  arm.where = is_above("items", 2);
  arm.bind = 1;
  pool_.named(Op::kMember, "amount", {pool_.local(1)});
  graph_.steps.push_back({"wait for 1", WaitFor{{arm}, base::days24(1), kCompleted}, {}});
  EXPECT_THAT(use_of("purchase").fields, ElementsAre("amount", "items"));
  EXPECT_TRUE(use_of("purchase").while_enrolled);
  EXPECT_EQ(use_of("purchase").within, kLookBack) << "it may have come before the entry";
  pool_.apply(Op::kNot, {pool_.local(1)});
  EXPECT_TRUE(use_of("purchase").whole);
}

TEST_F(HistoryUseTest, WhatSeveralJourneysReadAddsUp) {
  HistoryUse both{.event = "login", .within = base::days24(2), .fields = {"a", "c"}};
  both.add({.event = "login", .within = base::days24(1), .while_enrolled = true, .fields = {"b"}});
  EXPECT_EQ(both.within, base::days24(2));
  EXPECT_TRUE(both.while_enrolled);
  EXPECT_THAT(both.fields, ElementsAre("a", "b", "c"));
  HistoryUse everything;
  everything.event = "login";
  everything.always = true;
  everything.whole = true;
  both.add(everything);
  EXPECT_TRUE(both.always);
  EXPECT_TRUE(both.whole);
  EXPECT_THAT(both.fields, IsEmpty());
}

TEST_F(HistoryUseTest, AQuestionSurvivesItsEncodingAndChangesTheVersion) {
  const ExprId id = ask(Op::kCountEvents, "login", within(7));
  compute_needs(graph_);
  const auto decoded = decode(encode(graph_));
  ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
  EXPECT_EQ(*decoded, graph_);
  Graph other = graph_;
  other.expressions[id].window = within(8);
  EXPECT_NE(version_of(other), version_of(graph_));
}

TEST_F(HistoryUseTest, QuestionsStandInsideOthersUpToALimit) {
  const ExprId two = pool_.constant(Value(std::int64_t{2}));
  ExprId inner = ask(Op::kCountEvents, "login");
  for (std::size_t depth = 2; depth <= kMaxQuestionDepth; ++depth) {
    inner = ask(Op::kCountEvents, "purchase", {}, {pool_.apply(Op::kGreater, {inner, two})});
  }
  EXPECT_TRUE(verify_structure(graph_).has_value());
  pool_.apply(Op::kCountItems, {pool_.apply(Op::kList, {inner}), two});
  EXPECT_TRUE(verify_structure(graph_).has_value()) << "the list is found before";
  pool_.apply(Op::kCountItems,
              {pool_.apply(Op::kList, {two}), pool_.apply(Op::kGreater, {inner, two})});
  EXPECT_FALSE(verify_structure(graph_).has_value());
}

TEST_F(HistoryUseTest, AFieldBelongsToTheEventOfTheInnermostQuestion) {
  const ExprId amount = pool_.event("amount");
  const ExprId last = ask(Op::kLastEvent, "refund", {}, {pool_.event("reason")});
  const ExprId same = pool_.apply(Op::kEqual, {amount, pool_.named(Op::kMember, "total", {last})});
  ask(Op::kCountEvents, "purchase", {}, {same});
  EXPECT_THAT(use_of("purchase").fields, ElementsAre("amount"));
  EXPECT_THAT(use_of("refund").fields, ElementsAre("reason", "total"));
}

TEST_F(HistoryUseTest, MessagesOfAnEnrollmentAreKeptWhileItLasts) {
  ask(Op::kCountEvents, "#opened", {Window::Kind::kThisEnrollment, {}, {}});
  const HistoryUse use = use_of("#opened");
  EXPECT_TRUE(use.while_enrolled);
  EXPECT_FALSE(use.always);
  EXPECT_THAT(use.fields, ElementsAre("enrollment"));
}

TEST_F(HistoryUseTest, AListInsideTheHistoryIsReadWhole) {
  const ExprId list = pool_.event("items");
  const ExprId large = pool_.apply(
      Op::kGreater, {pool_.apply(Op::kItem, {}), pool_.constant(Value(std::int64_t{2}))});
  const ExprId items = pool_.apply(Op::kCountItems, {list, large});
  const ExprId none = pool_.apply(Op::kEqual, {items, pool_.constant(Value(std::int64_t{0}))});
  ask(Op::kCountEvents, "order", {}, {none});
  EXPECT_TRUE(verify_structure(graph_).has_value());
  EXPECT_THAT(use_of("order").fields, ElementsAre("items"));
}

TEST_F(HistoryUseTest, TheVerifierRefusesAnUnknownStepAndAnEventWithoutAName) {
  const ExprId id = ask(Op::kCountEvents, "login", {Window::Kind::kSinceStep, {}, "nowhere"});
  EXPECT_FALSE(verify_structure(graph_).has_value());
  graph_.expressions[id].window.since_step = "wait 1";
  EXPECT_TRUE(verify_structure(graph_).has_value());
  graph_.expressions[id].name.clear();
  EXPECT_FALSE(verify_structure(graph_).has_value());
}

TEST_F(HistoryUseTest, AStepThatAQuestionLooksBackToIsMarked) {
  compute_needs(graph_);
  EXPECT_FALSE(graph_.steps[0].looked_back_to);
  ask(Op::kCountEvents, "login", {Window::Kind::kSinceStep, {}, "wait 1"});
  compute_needs(graph_);
  EXPECT_TRUE(graph_.steps[0].looked_back_to);
}

TEST_F(HistoryUseTest, WhatAnExitAsksIsNeededEverywhere) {
  const ExprId count = ask(Op::kCountEvents, "login", within(7));
  const ExprId none = pool_.constant(Value(std::int64_t{0}));
  graph_.exits = {ExitWhen{pool_.apply(Op::kEqual, {count, none}), "asleep"}};
  compute_needs(graph_);
  EXPECT_THAT(graph_.steps[0].needs.questions, ElementsAre("login"));
}

}  // namespace
}  // namespace sojourn::graph
