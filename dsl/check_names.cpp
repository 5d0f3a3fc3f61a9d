// Names and fields: the roots `user`, `entry`, `event`, names bound by `let` and
// `as`, and constants.
#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <utility>

#include "base/check.h"
#include "dsl/affinity.h"
#include "dsl/expression_parts.h"
#include "dsl/narrowing.h"
#include "dsl/types.h"
#include "graph/engagement.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

constexpr std::string_view kCreatedAt = "createdAt";
// Evaluating a constant repeats what it is made of; more than this is refused.
constexpr std::int64_t kMaxConstantSize = 10'000;

Typed not_here(ExpressionContext& context, const Scope& scope, std::string_view name, Span span) {
  context.report.add(diagnose(messages::kNotHere, span, name, scope.place));
  return context.poison(span);
}

Typed unknown_field(ExpressionContext& context, std::string_view owner, const ast::Name& field,
                    const std::vector<std::string_view>& known,
                    std::optional<Span> declared = std::nullopt) {
  Diagnostic diagnostic = diagnose(messages::kUnknownField, field.span, owner, field.text)
                              .label(suggestion(field.text, known));
  if (declared) diagnostic.secondary.push_back({*declared, "declared here"});
  context.report.add(std::move(diagnostic));
  return context.poison(field.span);
}

// Optional unless the facts say that it is set.
Typed narrowed(const Scope& scope, graph::Type type, graph::ExprId id, std::string path,
               std::optional<Span> declared) {
  if (scope.facts.contains(path)) type.optional = false;
  return {std::move(type), id, true, std::move(path), declared};
}

graph::Expression named_leaf(graph::Op op, std::string_view name) {
  graph::Expression node;
  node.op = op;
  node.name = std::string(name);
  return node;
}

std::vector<std::string_view> field_names(const std::vector<graph::TypedField>& fields) {
  std::vector<std::string_view> names;
  names.reserve(fields.size());
  for (const auto& field : fields) names.emplace_back(field.name);
  return names;
}

// `createdAt` is a field of every event.
std::vector<std::string_view> event_field_names(const std::vector<graph::TypedField>& fields) {
  std::vector<std::string_view> names = field_names(fields);
  names.push_back(kCreatedAt);
  return names;
}

Typed user_field(ExpressionContext& context, const Scope& scope, const ast::Name& field,
                 Span span) {
  if (!scope.user) return not_here(context, scope, "user", span);
  if (field.text == kAffinity) return check_affinity(context, span);
  if (context.world.is_untyped("user", field.text)) return context.poison(span);
  const graph::UserField* found = context.world.find_user_field(field.text);
  if (found == nullptr) {
    return unknown_field(context, "`user`", field, context.world.user_field_names());
  }
  graph::Type type = as_optional(found->type, found->fallback.is_missing());
  return narrowed(scope, std::move(type),
                  context.emit(named_leaf(graph::Op::kUserField, field.text), span),
                  join_path("user", field.text), place_of(context.world.user_fields, field.text));
}

std::uint32_t entry_slot(graph::Graph& graph, const std::string& field) {
  const auto found = std::find(graph.entry_fields.begin(), graph.entry_fields.end(), field);
  if (found == graph.entry_fields.end()) {
    graph.entry_fields.push_back(field);
    return static_cast<std::uint32_t>(graph.entry_fields.size() - 1);
  }
  return static_cast<std::uint32_t>(found - graph.entry_fields.begin());
}

Typed entry_field(ExpressionContext& context, const Scope& scope, const ast::Name& field,
                  Span span) {
  if (!scope.entry) return not_here(context, scope, "entry", span);
  const graph::TypedField* found = find_field(context.entry.fields, field.text);
  if (found == nullptr) {
    if (field.text == kCreatedAt) {
      return {
          type_of(Kind::kTimestamp), context.emit(graph::Op::kEntryCreatedAt, {}, span), true, {}};
    }
    if (!context.entry.known) return context.poison(span);
    return unknown_field(context, "`entry`", field, event_field_names(context.entry.fields));
  }
  graph::Expression node;
  node.op = graph::Op::kEntryField;
  node.slot = entry_slot(context.graph, field.text);
  return narrowed(scope, found->type, context.emit(std::move(node), span),
                  join_path("entry", field.text), place_of(context.entry.declared, field.text));
}

Typed event_field(ExpressionContext& context, const Scope& scope, const ast::Name& field,
                  Span span) {
  if (!scope.event) return not_here(context, scope, "event", span);
  if (scope.event_type == nullptr) return context.poison(span);
  const graph::EventType& event = *scope.event_type;
  const graph::TypedField* found = find_field(event.fields, field.text);
  if (found == nullptr) {
    if (field.text == kCreatedAt) {
      return {
          type_of(Kind::kTimestamp), context.emit(graph::Op::kEventCreatedAt, {}, span), true, {}};
    }
    return unknown_field(context, fmt::format("the event `{}`", graph::told(event.name)), field,
                         event_field_names(event.fields),
                         place_of(context.world.events, event.name));
  }
  if (context.world.is_untyped("event", event.name, field.text)) return context.poison(span);
  return narrowed(
      scope, found->type, context.emit(named_leaf(graph::Op::kEventField, field.text), span),
      join_path("event", field.text),
      place_of(context.world.fields, fmt::format("event.{}.{}", event.name, field.text)));
}

Typed member(ExpressionContext& context, const Scope& scope, const Typed& object,
             const ast::Name& field, Span span, Span object_span) {
  if (!object.known) return context.poison(span);
  graph::Type type = type_of(Kind::kAny);
  if (object.type.kind == Kind::kObject) {
    const graph::TypedField* found = find_field(object.type.fields, field.text);
    if (found == nullptr) {
      return unknown_field(context, context.report.words(object_span, "this object"), field,
                           field_names(object.type.fields), object.declared);
    }
    type = found->type;
    type.optional = type.optional || object.type.optional;
  } else if (object.type.kind == Kind::kAny) {
    type.optional = true;
  } else {
    Diagnostic diagnostic = diagnose(messages::kTypeMismatch, object_span, "an object with fields",
                                     quoted(object.type));
    note_declared(diagnostic, object);
    context.report.add(std::move(diagnostic));
    return context.poison(span);
  }
  graph::Expression node = named_leaf(graph::Op::kMember, field.text);
  node.arguments = {object.id};
  std::string path = object.path.empty() ? std::string() : join_path(object.path, field.text);
  return narrowed(scope, std::move(type), context.emit(std::move(node), span), std::move(path),
                  object.declared);
}

Typed local_value(ExpressionContext& context, const Scope& scope, const Local& local, Span span) {
  graph::Expression node;
  node.op = graph::Op::kLocal;
  node.slot = local.slot;
  Typed typed = narrowed(scope, local.type, context.emit(std::move(node), span),
                         fmt::format("#{}", local.slot), local.span);
  typed.known = local.known;
  return typed;
}

Typed the_item(ExpressionContext& context, const Scope& scope, Span span) {
  return narrowed(scope, *scope.item, context.emit(graph::Op::kItem, {}, span), "it", std::nullopt);
}

Typed unknown_name(ExpressionContext& context, const Scope& scope, const ast::Name& name) {
  std::vector<std::string_view> known = names_of(context.world.constants);
  for (const Local& local : context.locals) known.emplace_back(local.name);
  for (const auto& [parameter, typed] : context.parameters) known.emplace_back(parameter);
  for (const std::string_view root : {"user", "entry", "event", "now"}) known.push_back(root);
  Diagnostic diagnostic =
      diagnose(messages::kUnknownName, name.span, name.text).label(suggestion(name.text, known));
  if (context.world.events.contains(name.text)) {
    diagnostic.helps.emplace_back(
        fmt::format("`{}` is an event; ask about it with `any {}`", name.text, name.text));
  }
  if (scope.event_type != nullptr && find_field(scope.event_type->fields, name.text) != nullptr) {
    diagnostic.helps.emplace_back(fmt::format("write `event.{}`", name.text));
  }
  context.report.add(std::move(diagnostic));
  return context.poison(name.span);
}

// How many nodes an evaluation goes through, shared ones counted each time.
std::int64_t expanded_size(ExpressionContext& context, graph::ExprId id) {
  std::vector<std::int64_t>& sizes = context.expanded_sizes;
  while (sizes.size() <= id) {
    std::int64_t size = 1;
    for (const graph::ExprId argument : context.graph.expressions[sizes.size()].arguments) {
      size = std::min(size + sizes[argument], kMaxConstantSize + 1);
    }
    sizes.push_back(size);
  }
  return sizes[id];
}

bool report_cycle(ExpressionContext& context, const ast::Constant& constant) {
  auto& open = context.constants_in_progress;
  const auto found = std::find(open.begin(), open.end(), constant.name.text);
  if (found == open.end()) return false;
  std::vector<std::string> cycle(found, open.end());
  // The same cycle is met from each of its constants; it is labelled at the first.
  const auto first =
      std::min_element(cycle.begin(), cycle.end(), [&](const auto& a, const auto& b) {
        return context.world.constants.find(a)->second->name.span <
               context.world.constants.find(b)->second->name.span;
      });
  const ast::Name& name = context.world.constants.find(*first)->second->name;
  Diagnostic diagnostic = diagnose(messages::kConstantCycle, name.span, name.text);
  std::rotate(cycle.begin(), first, cycle.end());
  for (std::size_t i = 1; i < cycle.size(); ++i) {
    diagnostic.secondary.push_back(
        {context.world.constants.find(cycle[i])->second->name.span, "by way of this one"});
  }
  context.report.add(std::move(diagnostic));
  return true;
}

}  // namespace

Typed check_constant(ExpressionContext& context, const ast::Constant& constant) {
  const Span span = constant.name.span;
  const auto made = context.constants.find(constant.name.text);
  if (made != context.constants.end()) return made->second;
  if (!constant.value || context.world.broken_constants.contains(constant.name.text)) {
    return context.poison(span);
  }
  if (report_cycle(context, constant)) return context.poison(span);
  Scope scope;
  scope.place = "in a constant";
  context.constants_in_progress.push_back(constant.name.text);
  // What is bound where the constant is used has no meaning inside it.
  std::vector<Local> locals = std::exchange(context.locals, {});
  auto parameters = std::exchange(context.parameters, {});
  Typed typed = check_value(context, scope, *constant.value, "a constant");
  context.locals = std::move(locals);
  context.parameters = std::move(parameters);
  context.constants_in_progress.pop_back();
  if (expanded_size(context, typed.id) > kMaxConstantSize) {
    context.report.add(diagnose(messages::kTooMany, span, "parts of a constant", kMaxConstantSize));
    typed.known = false;
  }
  typed.declared = span;
  context.constants.emplace(constant.name.text, typed);
  return typed;
}

Typed check_name(ExpressionContext& context, const Scope& scope, const ast::Name& name) {
  if (!name) return context.poison(name.span);
  if (name.text == "now") {
    if (!scope.now) return not_here(context, scope, "now", name.span);
    return {type_of(Kind::kTimestamp), context.emit(graph::Op::kNow, {}, name.span), true, {}};
  }
  if (const Local* local = context.find_local(name.text)) {
    return local_value(context, scope, *local, name.span);
  }
  const auto parameter = context.parameters.find(name.text);
  if (parameter != context.parameters.end()) return parameter->second;
  const auto constant = context.world.constants.find(name.text);
  if (constant != context.world.constants.end()) return check_constant(context, *constant->second);
  if (name.text == "user" || name.text == "entry" || name.text == "event") {
    context.report.add(diagnose(messages::kFieldNeeded, name.span, name.text)
                           .help(fmt::format("name one of its fields: `{}.…`", name.text)));
    return context.poison(name.span);
  }
  if (name.text == "it" && scope.item) return the_item(context, scope, name.span);
  if (name.text == "it" || name.text == "case") {
    return not_here(context, scope, name.text, name.span);
  }
  return unknown_name(context, scope, name);
}

Typed check_event_path(ExpressionContext& context, const Scope& scope,
                       const std::vector<const ast::Name*>& fields, Span span) {
  Typed value = event_field(context, scope, *fields.front(), span);
  for (std::size_t i = 1; i < fields.size(); ++i) {
    value = member(context, scope, value, *fields[i], span, span);
  }
  return value;
}

Typed check_item_path(ExpressionContext& context, const Scope& scope,
                      const std::vector<const ast::Name*>& fields, Span span) {
  Typed value = the_item(context, scope, span);
  for (const ast::Name* field : fields) value = member(context, scope, value, *field, span, span);
  return value;
}

std::string path_root(const ast::Expr& expr) {
  if (const auto* name = std::get_if<ast::NameRef>(&expr.node)) return name->name.text;
  const auto* ref = std::get_if<ast::FieldRef>(&expr.node);
  return ref != nullptr && ref->object ? path_root(*ref->object) : std::string();
}

Typed check_field(ExpressionContext& context, const Scope& scope, const ast::FieldRef& ref,
                  Span span) {
  if (!ref.object || !ref.field) return context.poison(span);
  if (const auto* root = std::get_if<ast::NameRef>(&ref.object->node)) {
    const std::string& name = root->name.text;
    if (name == "user") return user_field(context, scope, ref.field, span);
    if (name == "entry") return entry_field(context, scope, ref.field, span);
    if (name == "event") return event_field(context, scope, ref.field, span);
  }
  const Typed object = check_expression(context, scope, *ref.object);
  return member(context, scope, object, ref.field, span, ref.object->span);
}

}  // namespace sojourn::dsl
