// What an entry, an exit or a wait looks out for: events, and conditions that are
// looked at again whenever something changes.
#include <variant>

#include "dsl/affinity.h"
#include "dsl/check_expression.h"
#include "dsl/step_context.h"
#include "graph/reserved.h"
#include "graph/time_dependence.h"

namespace sojourn::dsl {

graph::ExprId check_standing_condition(ExpressionContext& expressions, const Scope& scope,
                                       const ast::Expr& condition) {
  const Typed typed = check_condition(expressions, scope, condition);
  if (typed.known && !graph::changes_at_known_instants(expressions.graph, typed.id)) {
    expressions.report.add(diagnose(messages::kUnforeseeable, condition.span)
                               .help("compare `now`, or what follows it, with something that does "
                                     "not; or ask for its day: `weekday(now + 3d)`"));
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

const graph::EventType* find_api_entry(const World& world, const ast::Name& journey,
                                       Report& report) {
  if (!journey) return nullptr;
  const auto place = place_of(world.journeys, journey.text);
  if (!place) {
    report.add(diagnose(messages::kUnknownJourney, journey.span, journey.text)
                   .label(suggestion(journey.text, names_of(world.journeys))));
    return nullptr;
  }
  const graph::EventType* entry = world.catalog.find_api_entry(journey.text);
  if (entry == nullptr) {
    report.add(diagnose(messages::kNoApiEntry, journey.span, journey.text)
                   .note(*place, "declared here")
                   .help("add `enter on api { … }` to it, with the fields that it needs"));
  }
  return entry;
}

namespace {

// F of `user.F`, or null.
const ast::Name* user_field_of(const ast::ExprPtr& path) {
  const auto* field = path ? std::get_if<ast::FieldRef>(&path->node) : nullptr;
  if (field == nullptr || !field->object) return nullptr;
  const auto* root = std::get_if<ast::NameRef>(&field->object->node);
  return root != nullptr && root->name.text == "user" ? &field->field : nullptr;
}

const graph::EventType* find_change(const World& world, const ast::Trigger& trigger,
                                    Report& report) {
  if (!trigger.field) return nullptr;
  const ast::Name* field = user_field_of(trigger.field);
  if (field == nullptr) {
    report.add(diagnose(messages::kUserFieldNeeded, trigger.field->span,
                        report.words(trigger.field->span, "this"))
                   .help("write `user.FIELD changed`; `where` can look into what changed"));
    return nullptr;
  }
  if (field->text == kAffinity) {
    report.add(affinity_is_computed(field->span, "waited for as a change")
                   .help("write a condition: `enter when user.affinity == \"loyal\"`"));
    return nullptr;
  }
  const auto known = world.changes.find(field->text);
  if (known != world.changes.end()) return &known->second;
  report.add(diagnose(messages::kUnknownField, field->span, "`user`", field->text)
                 .label(suggestion(field->text, world.user_field_names())));
  return nullptr;
}

}  // namespace

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
      return find_change(world, trigger, report);
  }
  return nullptr;
}

std::string name_of(const ast::Trigger& trigger) {
  if (trigger.kind == ast::Trigger::Kind::kEngagement) return event_of(trigger.engagement).name;
  if (trigger.kind != ast::Trigger::Kind::kChanged) return trigger.event.text;
  const ast::Name* field = user_field_of(trigger.field);
  return graph::change_event(field == nullptr ? "" : field->text);
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
