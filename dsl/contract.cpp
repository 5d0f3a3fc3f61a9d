// Values given by name against declared fields: `with` of a send or `start`, `track`.
#include <fmt/core.h>
#include <map>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/step_context.h"
#include "dsl/types.h"
#include "graph/reserved.h"

namespace sojourn::dsl {
namespace {

// The journey's `data` reads what every step may read, and is one for all sends.
Typed check_extra(StepContext& context, const std::string& name, const ast::Expr& expr) {
  const auto made = context.data_values.find(name);
  if (made != context.data_values.end()) return made->second;
  Scope scope = context.later_scope();
  scope.facts = context.expressions.entry.facts;
  std::vector<Local> locals = std::exchange(context.expressions.locals, {});
  Typed typed = check_expression(context.expressions, scope, expr);
  context.expressions.locals = std::move(locals);
  context.data_values.emplace(name, typed);
  return typed;
}

struct Given {
  Typed typed;
  Span span;
};
using GivenFields = std::map<std::string, Given, std::less<>>;

void report_unknown(StepContext& context, const ast::Name& key,
                    const std::vector<graph::TypedField>& contract, std::string_view kind,
                    std::string_view owner) {
  if (key.text == graph::kMessageKeyField) {
    context.report.add(diagnose(messages::kReservedField, key.span, key.text,
                                "it carries the key of the message"));
    return;
  }
  std::vector<std::string_view> known;
  known.reserve(contract.size());
  for (const auto& field : contract) known.emplace_back(field.name);
  Diagnostic diagnostic =
      diagnose(messages::kUnknownField, key.span, fmt::format("the {} `{}`", kind, owner), key.text)
          .label(suggestion(key.text, known));
  const World& world = context.world;
  const Places& owners = kind == "event"     ? world.events
                         : kind == "journey" ? world.journeys
                                             : world.campaigns;
  const auto declared = place_of(owners, owner);
  if (declared) diagnostic.secondary.push_back({*declared, "declared here"});
  context.report.add(std::move(diagnostic));
}

GivenFields read_given(StepContext& context, const ast::Map& map,
                       const std::vector<graph::TypedField>& contract, std::string_view kind,
                       std::string_view owner) {
  GivenFields fields;
  Places places;
  for (const ast::MapEntry& entry : map.entries) {
    if (!entry.key) continue;
    const auto [first, is_new] = places.emplace(entry.key.text, entry.key.span);
    if (!is_new) {
      context.report.add(diagnose(messages::kDuplicateKey, entry.key.span, entry.key.text)
                             .note(first->second, "first given here"));
      continue;
    }
    const bool declared = find_field(contract, entry.key.text) != nullptr;
    if (!declared) report_unknown(context, entry.key, contract, kind, owner);
    Typed typed = entry.value ? check_expression(context.expressions, context.scope(), *entry.value)
                              : context.expressions.poison(entry.span);
    if (declared) {
      fields.emplace(entry.key.text,
                     Given{std::move(typed), entry.value ? entry.value->span : entry.span});
    }
  }
  return fields;
}

void add_extra(StepContext& context, const ast::Map& map,
               const std::vector<graph::TypedField>& contract, GivenFields& fields) {
  for (const ast::MapEntry& entry : map.entries) {
    if (!entry.key || !entry.value || find_field(contract, entry.key.text) == nullptr) continue;
    if (fields.contains(entry.key.text)) continue;
    fields.emplace(entry.key.text,
                   Given{check_extra(context, entry.key.text, *entry.value), entry.value->span});
  }
}

void check_field_value(StepContext& context, const graph::TypedField& field, const Given& given,
                       std::optional<Span> asker) {
  if (!need_type(context.expressions, given.typed, given.span, field.type, asker)) return;
  if (field.type.optional) return;
  need_value(context.expressions, given.typed, given.span, fmt::format("`{}`", field.name));
}

}  // namespace

graph::ExprId check_contract(StepContext& context, const ast::Map* given, const ast::Map* extra,
                             const std::vector<graph::TypedField>& contract, std::string_view kind,
                             std::string_view owner, Span place) {
  GivenFields fields;
  if (given != nullptr) fields = read_given(context, *given, contract, kind, owner);
  if (extra != nullptr) add_extra(context, *extra, contract, fields);
  for (const graph::TypedField& field : contract) {
    if (context.world.is_untyped(kind, owner, field.name)) continue;
    const auto found = fields.find(field.name);
    const std::string path = fmt::format("{}.{}.{}", kind, owner, field.name);
    const auto declared = place_of(context.world.fields, path);
    if (found != fields.end()) {
      check_field_value(context, field, found->second, declared);
    } else if (!field.type.optional && !context.report.has_syntax_fault(place)) {
      Diagnostic diagnostic =
          diagnose(messages::kMissingData, context.report.first_line(place), owner, field.name)
              .label(fmt::format("it is declared as {}", quoted(field.type)));
      if (declared) diagnostic.secondary.push_back({*declared, "declared here"});
      context.report.add(std::move(diagnostic));
    }
  }
  if (fields.empty()) return graph::kNoExpr;
  graph::Expression object;
  object.op = graph::Op::kObject;
  for (const auto& [name, value] : fields) {
    object.names.push_back(name);
    object.arguments.push_back(value.typed.id);
  }
  return context.expressions.emit(std::move(object), given != nullptr ? given->span : place);
}

}  // namespace sojourn::dsl
