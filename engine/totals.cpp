#include "engine/totals.h"

#include <compare>
#include <cstdint>
#include <utility>

#include "engine/operators.h"

namespace sojourn::engine {
namespace {

using graph::Value;

// Of equal values the first.
template <typename IsBetter>
Value best(const std::vector<Value>& values, IsBetter is_better) {
  if (values.empty()) return {};
  const Value* found = &values.front();
  for (const Value& value : values) {
    if (is_better(compare(value, *found))) found = &value;
  }
  return *found;
}

}  // namespace

Value sum(const std::vector<Value>& values) {
  Value total(std::int64_t{0});
  for (const Value& value : values) total = add(total, value);
  return total;
}

Value average(const std::vector<Value>& values) {
  return divide(sum(values), Value(static_cast<std::int64_t>(values.size())));
}

Value smallest(const std::vector<Value>& values) {
  return best(values, [](std::partial_ordering order) { return std::is_lt(order); });
}

Value largest(const std::vector<Value>& values) {
  return best(values, [](std::partial_ordering order) { return std::is_gt(order); });
}

Value first_few(std::vector<Value> values, std::size_t most) {
  if (most != 0 && values.size() > most) values.resize(most);
  return Value(graph::List(std::move(values)));
}

}  // namespace sojourn::engine
