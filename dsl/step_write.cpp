// Steps that take no time and change something: `let`, `update user`, `track`, `start`,
// `exit`.
#include <fmt/core.h>
#include <map>
#include <utility>
#include <variant>

#include "dsl/affinity.h"
#include "dsl/check_expression.h"
#include "dsl/narrowing.h"
#include "dsl/step_context.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kPlainExit = "exited";

// The node that an `update user` line writes; kNoExpr when it may not. All lines
// read the profile as it was before the step.
graph::ExprId check_update(StepContext& context, const Scope& before, const ast::MapEntry& entry) {
  const std::string& name = entry.key.text;
  if (World::is_written_by_iterable(name)) {
    context.report.add(diagnose(messages::kReadOnlyField, entry.key.span, name));
    return graph::kNoExpr;
  }
  if (name == kAffinity) {
    context.report.add(affinity_is_computed(entry.key.span, "written"));
    return graph::kNoExpr;
  }
  const graph::UserField* field = context.world.find_user_field(name);
  if (field == nullptr) {
    context.report.add(diagnose(messages::kUnknownField, entry.key.span, "`user`", name)
                           .label(suggestion(name, context.world.user_field_names())));
  }
  const std::string path = join_path("user", name);
  forget_path(context.flow.facts, path);
  if (std::holds_alternative<ast::MissingLiteral>(entry.value->node)) {
    return context.expressions.emit_constant({}, entry.value->span);
  }
  const Typed typed =
      check_value(context.expressions, before, *entry.value, fmt::format("`user.{}`", name));
  if (field != nullptr && !context.world.is_untyped("user", name)) {
    need_type(context.expressions, typed, entry.value->span, field->type,
              place_of(context.world.user_fields, name));
  }
  context.flow.facts.insert(path);
  return typed.id;
}

// A second `let` of one name is reported as that, not also as a second step.
std::string identify_let(StepContext& context, const StepPlace& place, const ast::Let& let) {
  if (place.step.label) return context.identify(place.step, place.block, "let");
  std::string identity = fmt::format("{}let {}", place.block.prefix, let.name.text);
  context.identities.emplace(identity, let.name.span);
  return identity;
}

}  // namespace

void check_let(StepContext& context, const StepPlace& place, const ast::Let& let) {
  const std::string identity = identify_let(context, place, let);
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  Scope scope = context.scope();
  scope.dates_may_be_missing = true;
  const Typed typed = let.value ? check_expression(context.expressions, scope, *let.value)
                                : context.expressions.poison(place.step.span);
  graph::Let action;
  action.value = typed.id;
  action.slot = context.bind(let.name, typed.type, typed.known);
  action.next = place.next;
  context.graph.steps[at].action = action;
}

void check_update_user(StepContext& context, const StepPlace& place,
                       const ast::UpdateUser& update) {
  const std::string identity = context.identify(place.step, place.block, "update user");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  const Scope before = context.scope();
  std::map<std::string, graph::ExprId> fields;
  Places places;
  for (const ast::MapEntry& entry : update.fields.entries) {
    if (!entry.key || !entry.value) continue;
    const auto [first, is_new] = places.emplace(entry.key.text, entry.key.span);
    if (!is_new) {
      context.report.add(diagnose(messages::kDuplicateKey, entry.key.span, entry.key.text)
                             .note(first->second, "first given here"));
      continue;
    }
    const graph::ExprId id = check_update(context, before, entry);
    if (id != graph::kNoExpr) fields.emplace(entry.key.text, id);
  }
  graph::Expression object;
  object.op = graph::Op::kObject;
  for (const auto& [name, id] : fields) {
    object.names.push_back(name);
    object.arguments.push_back(id);
  }
  graph::UpdateUser action;
  action.fields = context.expressions.emit(std::move(object), update.fields.span);
  action.next = place.next;
  context.graph.steps[at].action = action;
}

void check_track(StepContext& context, const StepPlace& place, const ast::Track& track) {
  const std::string identity = context.identify(place.step, place.block, "track");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::Track action;
  action.event = track.event.text;
  action.next = place.next;
  const graph::EventType* event = find_event(context.world, track.event, context.report);
  if (event != nullptr) {
    action.fields = check_contract(context, &track.fields, nullptr, event->fields, "event",
                                   event->name, place.step.span);
  }
  context.graph.steps[at].action = std::move(action);
}

void check_start(StepContext& context, const StepPlace& place, const ast::StartJourney& start) {
  const std::string identity = context.identify(place.step, place.block, "start");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::Start action;
  action.journey = start.journey.text;
  action.next = place.next;
  const graph::EventType* entry = find_api_entry(context.world, start.journey, context.report);
  if (entry != nullptr) {
    action.fields = check_contract(context, start.with ? &*start.with : nullptr, nullptr,
                                   entry->fields, "journey", start.journey.text, place.step.span);
  }
  context.graph.steps[at].action = std::move(action);
}

void check_exit(StepContext& context, const StepPlace& place, const ast::Exit& exit) {
  const std::string identity = context.identify(place.step, place.block, "exit");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  context.graph.steps[at].action =
      graph::Exit{exit.reason && *exit.reason ? exit.reason->text : std::string(kPlainExit)};
  context.flow.reachable = false;
}

}  // namespace sojourn::dsl
