#include "proof/own_messages.h"

#include <gtest/gtest.h>
#include <string>

#include "graph/operation.h"
#include "tests/unit/proof/written.h"

namespace sojourn::proof {
namespace {

using base::hours;
using base::Millis;
using base::minutes;

// `asked`, in a branch labelled `x` at the place of the body's `?`.
struct Asked {
  test::Written journey;
  std::string sends;  // the identities of those that may be meant
  std::optional<Millis> since;
};

Asked ask(std::string body, std::string_view asked, std::string_view clauses = {}) {
  const std::size_t at = body.find('?');
  body.replace(at, 1, "x: if " + std::string(asked) + " { exit }");
  Asked out{test::written(body, clauses), {}, {}};
  const graph::Graph& graph = out.journey.graph();
  const OwnMessages messages(graph, out.journey.program.catalog);
  const graph::StepIndex step = out.journey.step("x");
  const auto& branch = std::get<graph::Branch>(graph.steps[step].action);
  const auto questions = messages.questions_of(branch.arms[0].condition);
  EXPECT_EQ(questions.size(), 1U) << asked;
  if (questions.empty()) return out;
  const auto sends = messages.meant_by(graph::condition_of(graph.expressions[questions.front()]));
  for (graph::StepIndex i = 0; i < sends.size(); ++i) {
    if (sends[i]) out.sends += (out.sends.empty() ? "" : " ") + graph.steps[i].identity;
  }
  out.since = messages.longest_since(sends, step);
  return out;
}

TEST(OwnMessages, AQuestionMeansTheSendsThatItNames) {
  const std::string body = "send a ? second: send a again send b send p send r";
  EXPECT_EQ(ask(body, "opened a").sends, "a second");
  EXPECT_EQ(ask(body, "opened second").sends, "second");
  EXPECT_EQ(ask(body, "opened push").sends, "p");
  EXPECT_EQ(ask(body, "no clicked account").sends, "r");
  EXPECT_EQ(ask(body, "opened marketing").sends, "a second b p");
  EXPECT_EQ(ask(body, "opened any").sends, "a second b p r");
  EXPECT_EQ(ask(body, "opened marketing where event.medium == \"email\"").sends, "a second b");
  EXPECT_EQ(ask(body, "sent a and user.flag").sends, "a second");
}

TEST(OwnMessages, WhatIsAskedOfAllThatTheUserWasSentIsNotOfTheEnrollment) {
  const test::Written journey = test::written("send a x: if opened a ever { exit }");
  const auto& graph = journey.graph();
  const auto& branch = std::get<graph::Branch>(graph.steps[journey.step("x")].action);
  EXPECT_TRUE(
      OwnMessages(graph, journey.program.catalog).questions_of(branch.arms[0].condition).empty());
}

TEST(OwnMessages, TheLongestWaySinceTheMessageCounts) {
  EXPECT_EQ(ask("send a ?", "opened a").since, Millis{0});
  EXPECT_EQ(ask("send a wait 30m ?", "opened a").since, minutes(30));
  EXPECT_EQ(ask("send a if user.flag { wait 5h } wait 30m ?", "opened a").since,
            plus(hours(5), minutes(30)));
  EXPECT_EQ(ask("send a wait for login up to 3h {} timeout {} ?", "opened a").since, hours(3));
  EXPECT_EQ(ask("send a repeat up to 3 times { wait 2h } ?", "opened a").since, hours(6));
  EXPECT_EQ(ask("send a wait 2h second: send a again ?", "opened a").since, hours(2))
      << "of the first";
  EXPECT_EQ(ask("send a wait 2h send b ?", "opened b").since, Millis{0});
}

TEST(OwnMessages, ASendThatIsPassedTakesNoTime) {
  EXPECT_EQ(ask("send a send b ?", "opened a").since, Millis{0});
}

TEST(OwnMessages, NothingWasSentBeforeWhereNoWayLeadsFromTheSend) {
  EXPECT_EQ(ask("? send a", "opened a").since, std::nullopt);
  EXPECT_EQ(ask("if user.flag { send a } else { ? }", "opened a").since, std::nullopt);
  EXPECT_EQ(ask("send a else { ? }", "opened a").since, std::nullopt);
  EXPECT_EQ(ask("repeat up to 2 times { ? wait 1h send a again }", "opened a").since, Millis{0});
}

TEST(OwnMessages, ARestartBeginsAnotherEnrollment) {
  const auto asked = ask("? send a", "opened a", "while enrolled restart up to 3 times");
  EXPECT_EQ(asked.since, std::nullopt);
}

TEST(OwnMessages, WhereADateIsWaitedForThereIsNoBound) {
  EXPECT_EQ(ask("send a wait until user.t past continue missing continue ?", "opened a").since,
            kForever);
}

}  // namespace
}  // namespace sojourn::proof
