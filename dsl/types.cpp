#include "dsl/types.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "graph/catalog.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

constexpr std::pair<std::string_view, Kind> kNamed[] = {
    {"string", Kind::kString},     {"integer", Kind::kInteger},     {"number", Kind::kNumber},
    {"boolean", Kind::kBoolean},   {"timestamp", Kind::kTimestamp}, {"date", Kind::kDate},
    {"duration", Kind::kDuration}, {"timezone", Kind::kTimezone},   {"any", Kind::kAny},
};

bool has(const std::vector<std::string>& choices, const std::string& choice) {
  return std::find(choices.begin(), choices.end(), choice) != choices.end();
}

bool is_subset(const std::vector<std::string>& part, const std::vector<std::string>& whole) {
  return std::all_of(part.begin(), part.end(), [&](const auto& c) { return has(whole, c); });
}

bool overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& c) { return has(b, c); });
}

bool object_fits(const graph::Type& from, const graph::Type& to) {
  for (const graph::TypedField& wanted : to.fields) {
    const graph::TypedField* given = find_field(from.fields, wanted.name);
    if (given == nullptr ? !wanted.type.optional : !fits(given->type, wanted.type)) return false;
    if (given != nullptr && given->type.optional && !wanted.type.optional) return false;
  }
  return std::all_of(from.fields.begin(), from.fields.end(), [&](const graph::TypedField& field) {
    return find_field(to.fields, field.name) != nullptr;
  });
}

graph::Type common_one_of(const graph::Type& a, const graph::Type& b) {
  graph::Type both = type_of(Kind::kOneOf);
  const bool a_is_wider = a.choices.size() >= b.choices.size();
  both.choices = a_is_wider ? a.choices : b.choices;
  for (const std::string& choice : a_is_wider ? b.choices : a.choices) {
    if (!has(both.choices, choice)) both.choices.push_back(choice);
  }
  return both;
}

}  // namespace

graph::Type type_of(Kind kind) {
  graph::Type type;
  type.kind = kind;
  return type;
}

graph::Type literal_type(std::string_view text) {
  graph::Type type = type_of(Kind::kOneOf);
  type.choices.emplace_back(text);
  return type;
}

graph::Type list_of(graph::Type element) {
  graph::Type type = type_of(Kind::kList);
  type.element = std::make_shared<const graph::Type>(std::move(element));
  return type;
}

graph::Type as_optional(graph::Type type, bool optional) {
  type.optional = optional;
  return type;
}

graph::Type event_object_type(const graph::EventType& event) {
  graph::Type type = type_of(Kind::kObject);
  type.fields = event.fields;
  type.fields.push_back({"createdAt", type_of(Kind::kTimestamp)});
  type.optional = true;
  return type;
}

bool is_text(const graph::Type& type) {
  return type.kind == Kind::kString || type.kind == Kind::kOneOf || type.kind == Kind::kTimezone;
}

bool is_numeric(const graph::Type& type) {
  return type.kind == Kind::kInteger || type.kind == Kind::kNumber;
}

bool is_ordered(const graph::Type& type) {
  switch (type.kind) {
    case Kind::kInteger:
    case Kind::kNumber:
    case Kind::kTimestamp:
    case Kind::kDate:
    case Kind::kTimeOfDay:
    case Kind::kDuration:
      return true;
    default:
      return false;
  }
}

bool fits(const graph::Type& from, const graph::Type& to) {
  if (to.kind == Kind::kAny) return true;
  if (from.kind == Kind::kInteger && to.kind == Kind::kNumber) return true;
  if (to.kind == Kind::kString) return is_text(from);
  if (from.kind != to.kind) return false;
  switch (to.kind) {
    case Kind::kOneOf:
      return is_subset(from.choices, to.choices);
    case Kind::kList:
      // The empty list has no element type.
      return from.element == nullptr || fits(*from.element, *to.element);
    case Kind::kObject:
      return object_fits(from, to);
    default:
      return true;
  }
}

bool are_comparable(const graph::Type& a, const graph::Type& b) {
  if (a.kind == Kind::kAny || b.kind == Kind::kAny) return true;
  if (a.kind == Kind::kOneOf && b.kind == Kind::kOneOf) return overlap(a.choices, b.choices);
  if (is_text(a) && is_text(b)) return true;
  if (is_numeric(a) && is_numeric(b)) return true;
  if (a.kind != b.kind) return false;
  if (a.kind == Kind::kList) {
    return a.element == nullptr || b.element == nullptr || are_comparable(*a.element, *b.element);
  }
  return true;
}

namespace {

// What only one of two objects has, the other lacks.
std::optional<graph::Type> common_object(const graph::Type& a, const graph::Type& b) {
  graph::Type out = type_of(Kind::kObject);
  for (const graph::TypedField& field : a.fields) {
    const graph::TypedField* other = find_field(b.fields, field.name);
    auto type = other != nullptr ? common_type(field.type, other->type) : as_optional(field.type);
    if (!type) return std::nullopt;
    out.fields.push_back({field.name, std::move(*type)});
  }
  for (const graph::TypedField& field : b.fields) {
    if (find_field(a.fields, field.name) == nullptr) {
      out.fields.push_back({field.name, as_optional(field.type)});
    }
  }
  return out;
}

std::optional<graph::Type> common_list(const graph::Type& a, const graph::Type& b) {
  if (a.element == nullptr || b.element == nullptr) return a.element == nullptr ? b : a;
  auto element = common_type(*a.element, *b.element);
  if (!element) return std::nullopt;
  return list_of(std::move(*element));
}

}  // namespace

std::optional<graph::Type> common_type(const graph::Type& a, const graph::Type& b) {
  const bool optional = a.optional || b.optional;
  if (a.kind == Kind::kOneOf && b.kind == Kind::kOneOf) {
    return as_optional(common_one_of(a, b), optional);
  }
  if (fits(a, b)) return as_optional(b, optional);
  if (fits(b, a)) return as_optional(a, optional);
  if (is_text(a) && is_text(b)) return as_optional(type_of(Kind::kString), optional);
  if (a.kind != b.kind || (a.kind != Kind::kObject && a.kind != Kind::kList)) return std::nullopt;
  auto common = a.kind == Kind::kObject ? common_object(a, b) : common_list(a, b);
  if (common) common->optional = optional;
  return common;
}

const graph::TypedField* find_field(const std::vector<graph::TypedField>& fields,
                                    std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

std::optional<graph::Type> named_type(std::string_view name) {
  for (const auto& [text, kind] : kNamed) {
    if (text == name) return type_of(kind);
  }
  return std::nullopt;
}

const std::vector<std::string_view>& type_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const auto& [text, kind] : kNamed) all.push_back(text);
    return all;
  }();
  return names;
}

std::string quoted(const graph::Type& type) {
  return fmt::format("`{}`", graph::to_string(as_optional(type, false)));
}

}  // namespace sojourn::dsl
