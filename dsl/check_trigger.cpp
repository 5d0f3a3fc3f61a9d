// What an entry, an exit or a wait looks out for: events, and conditions that are
// looked at again whenever something changes.
#include "dsl/check_expression.h"
#include "dsl/step_context.h"

namespace sojourn::dsl {

graph::ExprId check_standing_condition(ExpressionContext& expressions, const Scope& scope,
                                       const ast::Expr& condition) {
  const Typed typed = check_condition(expressions, scope, condition);
  if (typed.known && reads(expressions.graph, typed.id, graph::Op::kNow)) {
    expressions.report.not_carried_out(condition.span, "a condition that waits on `now`");
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
      report.not_carried_out(trigger.span, "waiting for engagement (`opened`, `clicked` …)");
      return nullptr;
    case ast::Trigger::Kind::kChanged:
      report.not_carried_out(trigger.span, "`changed`");
      return nullptr;
  }
  return nullptr;
}

}  // namespace sojourn::dsl
