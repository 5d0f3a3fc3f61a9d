#include "dsl/check_goals.h"

#include <utility>

#include "dsl/check_declarations.h"
#include "dsl/check_expression.h"
#include "dsl/step_context.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

graph::ExprId check_worth(const ast::Expr& value, const Scope& scope, ExpressionContext& context) {
  const Typed typed = check_value(context, scope, value, "`value`");
  need_type(context, typed, value.span, type_of(graph::Type::Kind::kNumber));
  return typed.id;
}

}  // namespace

void check_goal(const ast::GoalClause& node, const Scope& scope, Places& names,
                ExpressionContext& context) {
  declare(names, "the goal", node.name, context.report);
  const graph::EventType* event = check_trigger(context.world, node.trigger, context.report);
  graph::Goal goal;
  goal.name = node.name.text;
  goal.event = name_of(node.trigger);
  goal.and_exit = node.and_exit;
  Scope at_event = scope;
  at_event.event = true;
  at_event.event_type = event;
  at_event.place = "in a goal";
  goal.where =
      check_trigger_condition(context, at_event, node.trigger, event, MessagesMeant::kOfEnrollment);
  if (node.value) goal.value = check_worth(*node.value, at_event, context);
  if (node.within) {
    goal.within = check_elapsed(context, *node.within, "`within`").value_or(goal.within);
  }
  context.graph.goals.push_back(std::move(goal));
  if (context.graph.goals.size() != graph::kMaxGoals + 1) return;
  context.report.add(diagnose(messages::kTooMany, node.name.span, "goals of a journey",
                              static_cast<std::int64_t>(graph::kMaxGoals)));
}

}  // namespace sojourn::dsl
