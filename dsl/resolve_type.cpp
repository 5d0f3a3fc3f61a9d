// Types as written into types as checked.
#include <map>
#include <utility>

#include "dsl/check_declarations.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

std::optional<graph::Type> resolve_one_of(const ast::TypeExpr& type, Report& report) {
  graph::Type resolved = type_of(Kind::kOneOf);
  std::map<std::string, Span, std::less<>> places;
  for (const ast::StringText& choice : type.choices) {
    const auto [first, is_new] = places.emplace(choice.text, choice.span);
    if (!is_new) {
      report.add(diagnose(messages::kDuplicateKey, choice.span, choice.text)
                     .note(first->second, "first given here"));
      continue;
    }
    resolved.choices.push_back(choice.text);
  }
  return resolved;
}

std::optional<graph::Type> resolve_object(const ast::TypeExpr& type, Report& report) {
  graph::Type resolved = type_of(Kind::kObject);
  Places places;
  bool known = true;
  for (const ast::Field& field : type.fields) {
    if (!declare(places, "the field", field.name, report)) continue;
    if (field.value) report.add(diagnose(messages::kValueNotHere, field.value->span));
    auto field_type = resolve_type(field.type, report);
    known = known && field_type.has_value();
    if (field_type) resolved.fields.push_back({field.name.text, std::move(*field_type)});
  }
  if (!known) return std::nullopt;
  return resolved;
}

std::optional<graph::Type> resolve_named(const ast::TypeExpr& type, Report& report) {
  auto resolved = named_type(type.name.text);
  if (!resolved && type.name) {
    report.add(diagnose(messages::kUnknownType, type.name.span, type.name.text)
                   .label(suggestion(type.name.text, type_names())));
  }
  return resolved;
}

std::optional<graph::Type> resolve_shape(const ast::TypeExpr& type, Report& report) {
  switch (type.kind) {
    case ast::TypeExpr::Kind::kInvalid:
      return std::nullopt;
    case ast::TypeExpr::Kind::kNamed:
      return resolve_named(type, report);
    case ast::TypeExpr::Kind::kOneOf:
      return resolve_one_of(type, report);
    case ast::TypeExpr::Kind::kObject:
      return resolve_object(type, report);
    case ast::TypeExpr::Kind::kList:
      break;
  }
  if (!type.element) return std::nullopt;
  auto element = resolve_type(*type.element, report);
  if (!element) return std::nullopt;
  return list_of(std::move(*element));
}

}  // namespace

bool declare(Places& places, std::string_view kind, const ast::Name& name, Report& report) {
  if (!name) return false;
  const auto [first, is_new] = places.emplace(name.text, name.span);
  if (is_new) return true;
  report.add(diagnose(messages::kDuplicateName, name.span, kind, name.text)
                 .note(first->second, "first declared here"));
  return false;
}

std::optional<graph::Type> resolve_type(const ast::TypeExpr& type, Report& report) {
  auto resolved = resolve_shape(type, report);
  if (resolved) resolved->optional = type.optional;
  return resolved;
}

}  // namespace sojourn::dsl
