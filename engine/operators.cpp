#include "engine/operators.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

namespace sojourn::engine {
namespace {

using graph::Duration;
using graph::Value;
using Kind = graph::Value::Kind;

constexpr double kTwoTo63 = 9'223'372'036'854'775'808.0;
constexpr std::int64_t kMillisPerDay = 86'400'000;
constexpr std::int64_t kMillisPerMeanMonth = 2'629'746'000;

bool is_numeric(const Value& v) {
  return v.kind() == Kind::kInteger || v.kind() == Kind::kNumber;
}

double to_double(const Value& v) {
  return v.kind() == Kind::kInteger ? static_cast<double>(v.as_integer()) : v.as_number();
}

// Exact, where converting the integer to double would round it.
std::partial_ordering compare_mixed(std::int64_t integer, double number) {
  if (std::isnan(number)) return std::partial_ordering::unordered;
  if (number >= kTwoTo63) return std::partial_ordering::less;
  if (number < -kTwoTo63) return std::partial_ordering::greater;
  const auto whole = static_cast<std::int64_t>(number);
  if (integer != whole) return integer <=> whole;
  return 0.0 <=> number - static_cast<double>(whole);
}

std::partial_ordering compare_numeric(const Value& a, const Value& b) {
  if (a.kind() == Kind::kInteger) {
    if (b.kind() == Kind::kInteger) return a.as_integer() <=> b.as_integer();
    return compare_mixed(a.as_integer(), b.as_number());
  }
  if (b.kind() == Kind::kNumber) return a.as_number() <=> b.as_number();
  return 0 <=> compare_mixed(b.as_integer(), a.as_number());
}

std::optional<std::int64_t> length_millis(const Duration& d) {
  std::int64_t days = 0;
  std::int64_t out = 0;
  if (__builtin_mul_overflow(std::int64_t{d.days}, kMillisPerDay, &days) ||
      __builtin_mul_overflow(std::int64_t{d.months}, kMillisPerMeanMonth, &out) ||
      __builtin_add_overflow(out, days, &out) || __builtin_add_overflow(out, d.millis, &out)) {
    return std::nullopt;
  }
  return out;
}

std::partial_ordering compare_durations(const Duration& a, const Duration& b) {
  const auto x = length_millis(a);
  const auto y = length_millis(b);
  if (!x || !y) return std::partial_ordering::unordered;
  return *x <=> *y;
}

bool equal_lists(const graph::List& a, const graph::List& b) {
  return std::ranges::equal(a, b, [](const Value& x, const Value& y) { return equal(x, y); });
}

bool equal_objects(const graph::Object& a, const graph::Object& b) {
  return std::ranges::equal(a, b, [](const graph::Field& x, const graph::Field& y) {
    return x.first == y.first && equal(x.second, y.second);
  });
}

Value add_durations(const Duration& a, const Duration& b) {
  Duration out;
  if (__builtin_add_overflow(a.months, b.months, &out.months) ||
      __builtin_add_overflow(a.days, b.days, &out.days) ||
      __builtin_add_overflow(a.millis, b.millis, &out.millis)) {
    return {};
  }
  return Value(out);
}

Value scale(const Duration& d, std::int64_t factor) {
  Duration out;
  if (__builtin_mul_overflow(d.months, factor, &out.months) ||
      __builtin_mul_overflow(d.days, factor, &out.days) ||
      __builtin_mul_overflow(d.millis, factor, &out.millis)) {
    return {};
  }
  return Value(out);
}

}  // namespace

std::partial_ordering compare(const Value& a, const Value& b) {
  if (is_numeric(a) && is_numeric(b)) return compare_numeric(a, b);
  if (a.kind() != b.kind()) return std::partial_ordering::unordered;
  switch (a.kind()) {
    case Kind::kString:
      return a.as_string() <=> b.as_string();
    case Kind::kTimestamp:
      return a.as_timestamp() <=> b.as_timestamp();
    case Kind::kDate:
      return a.as_date() <=> b.as_date();
    case Kind::kTimeOfDay:
      return a.as_time_of_day() <=> b.as_time_of_day();
    case Kind::kDuration:
      return compare_durations(a.as_duration(), b.as_duration());
    default:
      return std::partial_ordering::unordered;
  }
}

bool equal(const Value& a, const Value& b) {
  if (a.kind() == b.kind()) {
    switch (a.kind()) {
      case Kind::kBoolean:
        return a.as_boolean() == b.as_boolean();
      case Kind::kList:
        return equal_lists(a.as_list(), b.as_list());
      case Kind::kObject:
        return equal_objects(a.as_object(), b.as_object());
      default:
        break;
    }
  }
  return std::is_eq(compare(a, b));
}

bool contains(const Value& whole, const Value& part) {
  if (whole.kind() == Kind::kList) {
    return std::ranges::any_of(whole.as_list(),
                               [&](const Value& item) { return equal(item, part); });
  }
  return whole.kind() == Kind::kString && part.kind() == Kind::kString &&
         whole.as_string().find(part.as_string()) != std::string::npos;
}

bool starts_with(const Value& text, const Value& prefix) {
  return text.kind() == Kind::kString && prefix.kind() == Kind::kString &&
         text.as_string().starts_with(prefix.as_string());
}

bool ends_with(const Value& text, const Value& suffix) {
  return text.kind() == Kind::kString && suffix.kind() == Kind::kString &&
         text.as_string().ends_with(suffix.as_string());
}

Value add(const Value& a, const Value& b) {
  if (a.kind() == Kind::kInteger && b.kind() == Kind::kInteger) {
    std::int64_t out = 0;
    return __builtin_add_overflow(a.as_integer(), b.as_integer(), &out) ? Value() : Value(out);
  }
  if (is_numeric(a) && is_numeric(b)) return finite_number(to_double(a) + to_double(b));
  if (a.kind() == Kind::kDuration && b.kind() == Kind::kDuration) {
    return add_durations(a.as_duration(), b.as_duration());
  }
  return {};
}

Value subtract(const Value& a, const Value& b) {
  if (a.kind() == Kind::kInteger && b.kind() == Kind::kInteger) {
    std::int64_t out = 0;
    return __builtin_sub_overflow(a.as_integer(), b.as_integer(), &out) ? Value() : Value(out);
  }
  return add(a, negate(b));
}

Value multiply(const Value& a, const Value& b) {
  if (a.kind() == Kind::kInteger && b.kind() == Kind::kInteger) {
    std::int64_t out = 0;
    return __builtin_mul_overflow(a.as_integer(), b.as_integer(), &out) ? Value() : Value(out);
  }
  if (is_numeric(a) && is_numeric(b)) return finite_number(to_double(a) * to_double(b));
  if (a.kind() == Kind::kInteger && b.kind() == Kind::kDuration) {
    return scale(b.as_duration(), a.as_integer());
  }
  if (a.kind() == Kind::kDuration && b.kind() == Kind::kInteger) {
    return scale(a.as_duration(), b.as_integer());
  }
  return {};
}

Value divide(const Value& a, const Value& b) {
  if (!is_numeric(a) || !is_numeric(b) || to_double(b) == 0) return {};
  if (a.kind() == Kind::kInteger && b.kind() == Kind::kInteger) {
    if (b.as_integer() == -1) return negate(a);
    if (a.as_integer() % b.as_integer() == 0) return Value(a.as_integer() / b.as_integer());
  }
  return finite_number(to_double(a) / to_double(b));
}

Value negate(const Value& v) {
  switch (v.kind()) {
    case Kind::kInteger: {
      std::int64_t out = 0;
      return __builtin_sub_overflow(std::int64_t{0}, v.as_integer(), &out) ? Value() : Value(out);
    }
    case Kind::kNumber:
      return finite_number(-v.as_number());
    case Kind::kDuration:
      return scale(v.as_duration(), -1);
    default:
      return {};
  }
}

Value finite_number(double v) {
  if (!std::isfinite(v)) return {};
  return Value(v == 0 ? 0.0 : v);
}

Value canonical(const Value& v) {
  switch (v.kind()) {
    case Kind::kNumber: {
      const double number = v.as_number();
      const bool whole = number >= -kTwoTo63 && number < kTwoTo63 && std::trunc(number) == number;
      return whole ? Value(static_cast<std::int64_t>(number)) : v;
    }
    case Kind::kList: {
      graph::List items;
      for (const Value& item : v.as_list()) items.push_back(canonical(item));
      return Value(std::move(items));
    }
    case Kind::kObject: {
      graph::Object fields;
      for (const auto& [name, value] : v.as_object()) fields.emplace_back(name, canonical(value));
      return Value(std::move(fields));
    }
    default:
      return v;
  }
}

}  // namespace sojourn::engine
