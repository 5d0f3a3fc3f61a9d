// `if … else if … else …`. Blocks: `IDENTITY.then`, `IDENTITY.else if 1`,
// `IDENTITY.else`.
#include <fmt/core.h>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/narrowing.h"
#include "dsl/step_context.h"

namespace sojourn::dsl {

void check_if_step(StepContext& context, const StepPlace& place, const ast::If& node) {
  const std::string identity = context.identify(place.step, place.block, "if");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::Branch action;
  Ways ways;
  int number = 0;
  for (const ast::If::Branch& branch : node.branches) {
    const std::string name = number == 0 ? "then" : fmt::format("else if {}", number);
    ++number;
    graph::ConditionArm arm;
    Facts if_true;
    Facts if_false;
    if (branch.condition) {
      arm.condition = check_condition(context.expressions, context.scope(), *branch.condition).id;
      if_true = facts_if(context.expressions, *branch.condition, true);
      if_false = facts_if(context.expressions, *branch.condition, false);
    }
    const Flow before = context.flow;
    context.flow.facts.merge(if_true);
    arm.next =
        check_block(context, branch.block, fmt::format("{}.{}.", identity, name), place.next);
    ways.add(context.flow);
    context.flow = before;
    context.flow.facts.merge(if_false);
    action.arms.push_back(arm);
  }
  action.otherwise = place.next;
  if (node.otherwise) {
    action.otherwise = check_block(context, *node.otherwise, identity + ".else.", place.next);
  }
  ways.add(context.flow);
  context.flow = ways.joined();
  context.graph.steps[at].action = std::move(action);
}

}  // namespace sojourn::dsl
