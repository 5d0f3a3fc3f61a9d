// Values as written: strings with `${…}`, durations, dates, lists and maps.
#include <fmt/core.h>
#include <map>
#include <utility>

#include "base/civil.h"
#include "calendar/zone.h"
#include "dsl/expression_parts.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

constexpr std::int64_t kLongestYears = 200;
constexpr std::int64_t kMillisPerDay = 86'400'000;
constexpr std::int64_t kMillisPerMinute = 60'000;
constexpr std::size_t kMaxItems = 10'000;

bool can_be_shown(const graph::Type& type) {
  return type.kind != Kind::kList && type.kind != Kind::kObject;
}

graph::ExprId check_string_part(ExpressionContext& context, const Scope& scope,
                                const ast::StringLiteral::Part& part, Span span) {
  if (!part.value) return context.emit_constant(graph::Value(part.text), span);
  const Typed typed = check_value(context, scope, *part.value, "a string");
  if (typed.known && !can_be_shown(typed.type)) {
    context.report.add(diagnose(messages::kWrongOperand, part.value->span, "${…}",
                                fmt::format("{}", quoted(typed.type))));
  }
  return typed.id;
}

std::int32_t days_since_epoch(const ast::Date& date) {
  return static_cast<std::int32_t>(base::days_from_civil({date.year, date.month, date.day}));
}

}  // namespace

Typed check_string(ExpressionContext& context, const Scope& scope, const ast::StringLiteral& string,
                   Span span) {
  if (string.is_plain()) {
    std::string text = string.plain();
    graph::Type type = literal_type(text);
    return {std::move(type), context.emit_constant(graph::Value(std::move(text)), span), true, {}};
  }
  std::vector<graph::ExprId> parts;
  parts.reserve(string.parts.size());
  for (const auto& part : string.parts) {
    parts.push_back(check_string_part(context, scope, part, span));
  }
  return {
      type_of(Kind::kString), context.emit(graph::Op::kConcat, std::move(parts), span), true, {}};
}

Typed check_duration_literal(ExpressionContext& context, const ast::Duration& duration, Span span) {
  const bool too_long = duration.months > 12 * kLongestYears ||
                        duration.days > 366 * kLongestYears ||
                        duration.millis > 366 * kLongestYears * kMillisPerDay;
  if (too_long) {
    context.report.add(diagnose(messages::kOutOfRange, span, "a duration",
                                fmt::format("at most {} years", kLongestYears)));
    return context.poison(span);
  }
  const graph::Duration value{static_cast<std::int32_t>(duration.months),
                              static_cast<std::int32_t>(duration.days), duration.millis};
  return {type_of(Kind::kDuration), context.emit_constant(graph::Value(value), span), true, {}};
}

Typed check_date_literal(ExpressionContext& context, const ast::Date& date, Span span) {
  const graph::Date value{days_since_epoch(date)};
  return {type_of(Kind::kDate), context.emit_constant(graph::Value(value), span), true, {}};
}

Typed check_timestamp_literal(ExpressionContext& context, const ast::Timestamp& timestamp,
                              Span span) {
  const std::int32_t day = days_since_epoch(timestamp.date);
  base::Instant instant{day * kMillisPerDay + timestamp.millis_of_day -
                        timestamp.offset_minutes * kMillisPerMinute};
  if (timestamp.zone == ast::Timestamp::Zone::kNamed) {
    const calendar::Zone* zone = context.zones.find(timestamp.zone_name.text);
    if (zone == nullptr) {
      context.report.add(
          diagnose(messages::kUnknownZone, timestamp.zone_name.span, timestamp.zone_name.text));
      return context.poison(span);
    }
    instant = zone->to_instant({day, static_cast<std::int32_t>(timestamp.millis_of_day)});
  }
  return {type_of(Kind::kTimestamp), context.emit_constant(graph::Value(instant), span), true, {}};
}

Typed check_list(ExpressionContext& context, const Scope& scope, const ast::ListLiteral& list,
                 Span span) {
  if (list.items.size() > kMaxItems) {
    context.report.add(diagnose(messages::kTooMany, span, "items of a list",
                                static_cast<std::int64_t>(kMaxItems)));
    return context.poison(span);
  }
  std::vector<graph::ExprId> items;
  std::optional<graph::Type> element;
  bool known = true;
  for (const auto& item : list.items) {
    if (!item) continue;
    const Typed typed = check_value(context, scope, *item, "a list");
    items.push_back(typed.id);
    known = known && typed.known;
    if (!known) continue;
    const auto wider = element ? common_type(*element, typed.type) : typed.type;
    if (!wider) {
      context.report.add(
          diagnose(messages::kTypeMismatch, item->span, quoted(*element), quoted(typed.type))
              .note(list.items.front()->span, "the list begins with this")
              .help("the items of a list are of one type"));
      known = false;
      continue;
    }
    element = wider;
  }
  graph::Type type = type_of(Kind::kList);
  if (element) type = list_of(*element);
  return {std::move(type), context.emit(graph::Op::kList, std::move(items), span), known, {}};
}

Typed check_object(ExpressionContext& context, const Scope& scope, const ast::Map& map, Span span) {
  std::map<std::string, Typed, std::less<>> fields;
  std::map<std::string, Span, std::less<>> places;
  bool known = true;
  for (const ast::MapEntry& entry : map.entries) {
    if (!entry.key || !entry.value) continue;
    Typed typed = check_expression(context, scope, *entry.value);
    known = known && typed.known;
    const auto [first, is_new] = places.emplace(entry.key.text, entry.key.span);
    if (!is_new) {
      context.report.add(diagnose(messages::kDuplicateKey, entry.key.span, entry.key.text)
                             .note(first->second, "first given here"));
      continue;
    }
    fields.emplace(entry.key.text, std::move(typed));
  }
  graph::Expression node;
  node.op = graph::Op::kObject;
  graph::Type type = type_of(Kind::kObject);
  for (const auto& [name, typed] : fields) {
    node.names.push_back(name);
    node.arguments.push_back(typed.id);
    type.fields.push_back({name, typed.type});
  }
  return {std::move(type), context.emit(std::move(node), span), known, {}};
}

}  // namespace sojourn::dsl
