#include "graph/walk.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/graph/samples.h"

namespace sojourn::graph {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<StepIndex> targets(const Step& step) {
  std::vector<StepIndex> out;
  for (const Edge& edge : edges_of(step)) out.push_back(edge.to);
  return out;
}

TEST(Walk, EveryWayOutOfAStepIsAnEdgeInTheOrderWritten) {
  const Graph graph = samples::trial();
  EXPECT_THAT(targets(graph.steps[0]), ElementsAre(1, 1));
  EXPECT_THAT(targets(graph.steps[1]), ElementsAre(2));
  EXPECT_THAT(targets(graph.steps[2]), ElementsAre(3, 3, 15));
  EXPECT_THAT(targets(graph.steps[3]), ElementsAre(4, 6));
  EXPECT_THAT(targets(graph.steps[4]), ElementsAre(5, 8));
  EXPECT_THAT(targets(graph.steps[9]), ElementsAre(10, 13, 14, 15));
  EXPECT_THAT(targets(graph.steps[10]), ElementsAre(11, 12, 9));
  EXPECT_THAT(targets(graph.steps[14]), ElementsAre(16));
  EXPECT_THAT(targets(graph.steps[15]), IsEmpty());
  EXPECT_THAT(targets(graph.steps[16]), ElementsAre(17));
  EXPECT_THAT(targets(graph.steps[18]), ElementsAre(19));
  EXPECT_THAT(targets(graph.steps[19]), ElementsAre(kCompleted));
}

TEST(Walk, AStepReadsTheExpressionsItNames) {
  const Graph graph = samples::trial();
  const auto* send = std::get_if<Send>(&graph.steps[0].action);
  EXPECT_THAT(expressions_of(graph.steps[0]), ElementsAre(send->data));
  EXPECT_THAT(expressions_of(graph.steps[5]), IsEmpty());
  EXPECT_EQ(expressions_of(graph.steps[10]).size(), 2u);
}

TEST(Walk, EveryKindHasItsNameAndFiveOfThemRest) {
  const Graph graph = samples::trial();
  std::vector<std::string_view> resting;
  std::vector<std::string_view> passed;
  for (const Step& step : graph.steps) {
    auto& names = is_resting_place(step) ? resting : passed;
    if (std::ranges::find(names, kind_of(step)) == names.end()) names.push_back(kind_of(step));
  }
  EXPECT_THAT(resting, ElementsAre("send", "wait_until", "wait_for", "schedule", "wait"));
  EXPECT_THAT(passed, ElementsAre("let", "split", "update_user", "branch", "track", "exit", "start",
                                  "change_list", "change_subscription"));
}

TEST(Walk, SomeStepsChangeThePersonAtOnce) {
  const Graph graph = samples::trial();
  std::vector<std::string_view> changing;
  for (const Step& step : graph.steps) {
    if (changes_person(step)) changing.push_back(step.identity);
  }
  EXPECT_THAT(changing,
              ElementsAre("update 1", "add to list 1", "remove from list 1", "unsubscribe 1"));
}

}  // namespace
}  // namespace sojourn::graph
