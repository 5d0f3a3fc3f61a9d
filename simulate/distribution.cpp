#include "simulate/distribution.h"

#include <algorithm>

namespace sojourn::simulate {
namespace {

using graph::Value;
using Kind = graph::Type::Kind;

Value timestamp_or_date(const graph::Type& type, base::Instant t) {
  if (type.kind != Kind::kDate) return Value(t);
  constexpr std::int64_t kDay = base::days24(1).count;
  // Rounded down, before 1970 as well.
  std::int64_t days = t.millis / kDay;
  if (t.millis % kDay < 0) --days;
  return Value(graph::Date{static_cast<std::int32_t>(days)});
}

struct Drawer {
  const graph::Type& type;
  base::Random& random;
  const DrawnFrom& from;

  Value operator()(const Value& value) const { return value; }
  Value operator()(const WholeNumbers& numbers) const {
    const std::int64_t number = draw_between(random, numbers.from, numbers.to);
    if (type.kind == Kind::kNumber) return Value(static_cast<double>(number));
    return Value(number);
  }
  Value operator()(const AfterEntry& after) const {
    const std::int64_t offset = draw_between(random, after.from.count, after.to.count);
    return timestamp_or_date(type, from.entry + base::Millis{offset});
  }
  // Of a list, one of its items.
  Value operator()(const SameAs& same) const {
    const auto& fields = same.of_entry ? from.entry_fields : from.profile;
    const Value& other = graph::find_field(fields, same.field);
    if (other.kind() != Value::Kind::kList || type.kind == Kind::kList) return other;
    const graph::List& items = other.as_list();
    if (items.empty()) return {};
    return items[base::random_below(random, items.size())];
  }
};

// An index below `count`, as likely as `weight_of` it.
template <typename WeightOf>
std::size_t pick(base::Random& random, std::size_t count, const WeightOf& weight_of) {
  double total = 0;
  for (std::size_t i = 0; i < count; ++i) total += weight_of(i);
  double place = draw_unit(random) * total;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (weight_of(i) <= 0) continue;
    chosen = i;
    place -= weight_of(i);
    if (place < 0) break;
  }
  return chosen;
}

Value draw_one(const Distribution& distribution, base::Random& random, const DrawnFrom& from) {
  const auto& choices = distribution.choices;
  if (choices.empty()) return {};
  const std::size_t chosen =
      choices.size() == 1
          ? 0
          : pick(random, choices.size(), [&](std::size_t i) { return choices[i].weight; });
  return std::visit(Drawer{distribution.type, random, from}, choices[chosen].what);
}

Value draw_list(const Distribution& distribution, base::Random& random, const DrawnFrom& from) {
  graph::List items;
  if (distribution.item == nullptr) return Value(std::move(items));
  const std::int64_t count =
      draw_between(random, distribution.least_items, distribution.most_items);
  for (std::int64_t i = 0; i < count; ++i) {
    Value value = draw(*distribution.item, random, from);
    if (!value.is_missing()) items.push_back(std::move(value));
  }
  return Value(std::move(items));
}

Value draw_object(const Distribution& distribution, base::Random& random, const DrawnFrom& from) {
  graph::Object fields;
  for (const auto& [name, field] : distribution.fields) {
    Value value = draw(field, random, from);
    if (!value.is_missing()) fields.emplace_back(name, std::move(value));
  }
  std::ranges::sort(fields, {}, &graph::Field::first);
  return Value(std::move(fields));
}

}  // namespace

double draw_unit(base::Random& random) {
  return static_cast<double>(random.next() >> 11U) * 0x1p-53;
}

std::int64_t draw_between(base::Random& random, std::int64_t from, std::int64_t to) {
  if (to <= from) return from;
  const auto width = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from) + 1;
  return from + static_cast<std::int64_t>(base::random_below(random, width));
}

std::size_t draw_weighted(base::Random& random, const std::vector<double>& weights) {
  return pick(random, weights.size(), [&](std::size_t i) { return weights[i]; });
}

Value draw(const Distribution& distribution, base::Random& random, const DrawnFrom& from) {
  if (distribution.missing > 0 && draw_unit(random) < distribution.missing) return {};
  switch (distribution.type.kind) {
    case Kind::kList:
      return draw_list(distribution, random, from);
    case Kind::kObject:
      return draw_object(distribution, random, from);
    default:
      return draw_one(distribution, random, from);
  }
}

}  // namespace sojourn::simulate
