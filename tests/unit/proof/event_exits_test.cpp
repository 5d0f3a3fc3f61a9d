#include "proof/event_exits.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"

namespace sojourn::proof {
namespace {

using engine::test::GraphBuilder;
using graph::Op;

// `event.reason == entry.x and event.plan == "free"`, parts as asked for.
graph::ExprId condition(GraphBuilder& b, bool reason, bool plan) {
  std::vector<graph::ExprId> parts;
  if (reason) parts.push_back(b.equal(b.event("reason"), b.entry("x")));
  if (plan) parts.push_back(b.equal(b.event("plan"), b.text("free")));
  if (parts.empty()) return graph::kNoExpr;
  return parts.size() == 1 ? parts.front() : b.op(Op::kAnd, parts);
}

// Does a journey with such an exit end at every such event?
bool exits(bool exit_reason, bool exit_plan, bool case_reason, bool case_plan) {
  GraphBuilder journey;
  journey.exit_on("stop", condition(journey, exit_reason, exit_plan));
  const graph::Graph graph = journey.build(journey.exit("done"));
  // The case has a pool of its own, in which places are others.
  GraphBuilder pool;
  pool.integer(7);
  EventCase event;
  event.event = "stop";
  event.where = condition(pool, case_reason, case_plan);
  event.expressions = pool.graph().expressions;
  return always_exits(graph, event);
}

TEST(EventExits, AnExitWithoutAConditionAlwaysFires) {
  EXPECT_TRUE(exits(false, false, false, false));
  EXPECT_TRUE(exits(false, false, true, true));
}

TEST(EventExits, AConditionHasToBeStatedByTheCase) {
  EXPECT_FALSE(exits(true, false, false, false));
  EXPECT_TRUE(exits(true, false, true, false));
  EXPECT_TRUE(exits(true, false, true, true));
  EXPECT_FALSE(exits(true, true, true, false));
  EXPECT_FALSE(exits(false, true, true, false));
}

TEST(EventExits, OtherEventsAndConditionsAreNoProof) {
  GraphBuilder journey;
  journey.exit_on("login");
  journey.exit_when(journey.user("flag"), "flagged");
  const graph::Graph graph = journey.build(journey.exit("done"));
  EXPECT_FALSE(always_exits(graph, {"stop", {}, graph::kNoExpr}));
  EXPECT_TRUE(always_exits(graph, {"login", {}, graph::kNoExpr}));
}

}  // namespace
}  // namespace sojourn::proof
