// What an entry, an exit or a wait looks out for: events, and conditions that are
// looked at again whenever something changes.
#include "dsl/check_expression.h"
#include "dsl/step_context.h"
#include "graph/time_dependence.h"

namespace sojourn::dsl {

graph::ExprId check_standing_condition(ExpressionContext& expressions, const Scope& scope,
                                       const ast::Expr& condition) {
  const Typed typed = check_condition(expressions, scope, condition);
  if (typed.known && !graph::changes_at_known_instants(expressions.graph, typed.id)) {
    expressions.report.not_carried_out(
        condition.span, "a condition that waits for more than `now` to pass a time or a date");
  }
  return typed.id;
}

const graph::EventType* find_event(const World& world, const ast::Name& name, Report& report) {
  const graph::EventType* event = world.catalog.find_event(name.text);
  if (event == nullptr && name) {
    report.add(diagnose(messages::kUnknownEvent, name.span, name.text)
                   .label(suggestion(name.text, names_of(world.events))));
  }
  return event;
}

const graph::EventType* check_trigger(const World& world, const ast::Trigger& trigger,
                                      Report& report) {
  switch (trigger.kind) {
    case ast::Trigger::Kind::kInvalid:
      return nullptr;
    case ast::Trigger::Kind::kEvent:
      return find_event(world, trigger.event, report);
    case ast::Trigger::Kind::kEngagement:
      return &event_of(trigger.engagement);
    case ast::Trigger::Kind::kChanged:
      report.not_carried_out(trigger.span, "`changed`");
      return nullptr;
  }
  return nullptr;
}

std::string name_of(const ast::Trigger& trigger) {
  return trigger.kind == ast::Trigger::Kind::kEngagement ? event_of(trigger.engagement).name
                                                         : trigger.event.text;
}

graph::ExprId check_trigger_condition(ExpressionContext& expressions, Scope scope,
                                      const ast::Trigger& trigger, const graph::EventType* event,
                                      MessagesMeant meant) {
  graph::ExprId condition = graph::kNoExpr;
  if (trigger.kind == ast::Trigger::Kind::kEngagement) {
    condition = check_engagement(expressions, scope, trigger.engagement, meant);
  }
  if (!trigger.where) return condition;
  scope.event = true;
  scope.event_type = event;
  const graph::ExprId where = check_condition(expressions, scope, *trigger.where).id;
  if (condition == graph::kNoExpr) return where;
  return expressions.emit(graph::Op::kAnd, {condition, where}, trigger.where->span);
}

}  // namespace sojourn::dsl
