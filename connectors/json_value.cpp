#include "connectors/json_value.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/instant.h"

namespace sojourn::connectors {
namespace {

using graph::Type;
using graph::Value;
using simdjson::dom::element;

std::optional<Value> any_value(const element& json, int depth);

std::optional<Value> any_list(const element& json, int depth) {
  graph::List list;
  const simdjson::dom::array items = json.get_array().value_unsafe();
  for (const element& item : items) {
    auto value = any_value(item, depth + 1);
    if (!value) return std::nullopt;
    list.push_back(std::move(*value));
  }
  return Value(std::move(list));
}

// Sorted by name; of a name given twice the first counts.
graph::Object sorted(std::vector<graph::Field> fields) {
  std::stable_sort(fields.begin(), fields.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  fields.erase(std::unique(fields.begin(), fields.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first; }),
               fields.end());
  return fields;
}

std::optional<Value> any_object(const element& json, int depth) {
  std::vector<graph::Field> fields;
  const simdjson::dom::object object = json.get_object().value_unsafe();
  for (const auto& [name, item] : object) {
    auto value = any_value(item, depth + 1);
    if (!value) return std::nullopt;
    fields.emplace_back(std::string(name), std::move(*value));
  }
  return Value(sorted(std::move(fields)));
}

std::optional<Value> any_value(const element& json, int depth) {
  if (depth >= graph::kMaxValueDepth) return std::nullopt;
  switch (json.type()) {
    case simdjson::dom::element_type::ARRAY:
      return any_list(json, depth);
    case simdjson::dom::element_type::OBJECT:
      return any_object(json, depth);
    case simdjson::dom::element_type::INT64:
      return Value(json.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64:
      return Value(static_cast<double>(json.get_uint64().value_unsafe()));
    case simdjson::dom::element_type::DOUBLE:
      return Value(json.get_double().value_unsafe());
    case simdjson::dom::element_type::STRING:
      return Value(json.get_string().value_unsafe());
    case simdjson::dom::element_type::BOOL:
      return Value(json.get_bool().value_unsafe());
    case simdjson::dom::element_type::NULL_VALUE:
      return Value();
  }
  return std::nullopt;
}

std::optional<Value> integer_value(const element& json) {
  std::int64_t integer = 0;
  if (json.get(integer) == simdjson::SUCCESS) return Value(integer);
  double number = 0;
  constexpr double kExact = 9'007'199'254'740'992.0;  // 2^53
  if (json.is_double() && json.get(number) == simdjson::SUCCESS && std::trunc(number) == number &&
      std::abs(number) <= kExact) {
    return Value(static_cast<std::int64_t>(number));
  }
  return std::nullopt;
}

std::optional<base::Instant> instant_of(const element& json) {
  std::string_view text;
  if (json.get(text) == simdjson::SUCCESS) return base::parse_timestamp(text);
  std::int64_t number = 0;
  if (json.get(number) != simdjson::SUCCESS || number < 0 || number > base::kNever.millis) {
    return std::nullopt;
  }
  constexpr std::int64_t kLastSeconds = 100'000'000'000;
  return base::Instant{number < kLastSeconds ? number * 1000 : number};
}

std::optional<Value> date_value(const element& json) {
  std::string_view text;
  std::optional<base::Instant> midnight;
  if (json.get(text) == simdjson::SUCCESS && text.size() == 10) {
    midnight = base::parse_timestamp(std::string(text) + "T00:00Z");
  } else {
    midnight = instant_of(json);
  }
  if (!midnight) return std::nullopt;
  constexpr std::int64_t kDay = 86'400'000;
  const std::int64_t day = midnight->millis / kDay - (midnight->millis % kDay < 0 ? 1 : 0);
  return Value(graph::Date{static_cast<std::int32_t>(day)});
}

std::optional<Value> string_value(const element& json) {
  std::string_view text;
  if (json.get(text) != simdjson::SUCCESS) return std::nullopt;
  return Value(text);
}

std::optional<Value> list_value(const element& json, const Type& type) {
  simdjson::dom::array items;
  if (json.get(items) != simdjson::SUCCESS) return std::nullopt;
  graph::List list;
  for (const element& item : items) {
    auto value = value_of_type(item, *type.element);
    if (!value) return std::nullopt;
    list.push_back(std::move(*value));
  }
  return Value(std::move(list));
}

std::optional<Value> object_value(const element& json, const Type& type) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS) return std::nullopt;
  std::vector<graph::Field> fields;
  for (const graph::TypedField& field : type.fields) {
    element item;
    if (object[field.name].get(item) != simdjson::SUCCESS) continue;
    auto value = value_of_type(item, field.type);
    if (!value) return std::nullopt;
    fields.emplace_back(field.name, std::move(*value));
  }
  return Value(sorted(std::move(fields)));
}

}  // namespace

std::optional<Value> value_of_type(const element& json, const Type& type) {
  if (json.is_null()) return Value();
  switch (type.kind) {
    case Type::Kind::kAny:
      return any_value(json, 0);
    case Type::Kind::kInteger:
      return integer_value(json);
    case Type::Kind::kNumber: {
      double number = 0;
      if (json.get(number) != simdjson::SUCCESS) return std::nullopt;
      return Value(number);
    }
    case Type::Kind::kBoolean: {
      bool boolean = false;
      if (json.get(boolean) != simdjson::SUCCESS) return std::nullopt;
      return Value(boolean);
    }
    case Type::Kind::kTimestamp: {
      const auto instant = instant_of(json);
      return instant ? std::optional<Value>(Value(*instant)) : std::nullopt;
    }
    case Type::Kind::kDate:
      return date_value(json);
    case Type::Kind::kString:
    case Type::Kind::kOneOf:
    case Type::Kind::kTimezone:
    case Type::Kind::kTimeOfDay:
    case Type::Kind::kDuration:
      return string_value(json);
    case Type::Kind::kList:
      return list_value(json, type);
    case Type::Kind::kObject:
      return object_value(json, type);
  }
  return std::nullopt;
}

bool is_whole(const Value& value, const Type& type) {
  if (value.is_missing()) return type.optional;
  switch (type.kind) {
    case Type::Kind::kOneOf:
      return std::ranges::find(type.choices, value.as_string()) != type.choices.end();
    case Type::Kind::kList:
      return std::ranges::all_of(value.as_list(),
                                 [&](const Value& item) { return is_whole(item, *type.element); });
    case Type::Kind::kObject:
      return std::ranges::all_of(type.fields, [&](const graph::TypedField& field) {
        return is_whole(graph::find_field(value.as_object(), field.name), field.type);
      });
    default:
      return true;
  }
}

}  // namespace sojourn::connectors
