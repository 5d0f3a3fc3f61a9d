#include "tests/oracle/values.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/check.h"

namespace sojourn::oracle {
namespace {

using graph::Op;
using graph::Value;
using Kind = Value::Kind;

bool is_number(const Value& value) {
  return value.kind() == Kind::kInteger || value.kind() == Kind::kNumber;
}

double number(const Value& value) {
  return value.kind() == Kind::kInteger ? static_cast<double>(value.as_integer())
                                        : value.as_number();
}

int sign(double difference) {
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

Value of_number(double value) {
  return std::isfinite(value) ? Value(value + 0.0) : Value();
}

Value calculate_integers(Op op, std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  switch (op) {
    case Op::kAdd:
      return __builtin_add_overflow(a, b, &out) ? Value() : Value(out);
    case Op::kSubtract:
      return __builtin_sub_overflow(a, b, &out) ? Value() : Value(out);
    case Op::kMultiply:
      return __builtin_mul_overflow(a, b, &out) ? Value() : Value(out);
    default:
      if (b == 0) return {};
      if (b != -1 && a % b == 0) return Value(a / b);
      return of_number(static_cast<double>(a) / static_cast<double>(b));
  }
}

}  // namespace

double length_in_millis(const graph::Duration& duration) {
  constexpr double kDay = 86'400'000.0;
  return duration.months * 365.2425 / 12 * kDay + duration.days * kDay +
         static_cast<double>(duration.millis);
}

std::optional<int> order(const Value& a, const Value& b) {
  if (a.is_missing() || b.is_missing()) return std::nullopt;
  if (is_number(a) && is_number(b)) return sign(number(a) - number(b));
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::kString:
      return a.as_string() < b.as_string() ? -1 : a.as_string() > b.as_string() ? 1 : 0;
    case Kind::kTimestamp:
      return sign(static_cast<double>((a.as_timestamp() - b.as_timestamp()).count));
    case Kind::kDate:
      return sign(a.as_date().days - b.as_date().days);
    case Kind::kTimeOfDay:
      return sign(a.as_time_of_day().minutes - b.as_time_of_day().minutes);
    case Kind::kDuration:
      return sign(length_in_millis(a.as_duration()) - length_in_millis(b.as_duration()));
    default:
      return std::nullopt;
  }
}

bool equal(const Value& a, const Value& b) {
  if (a.kind() == Kind::kBoolean && b.kind() == Kind::kBoolean) {
    return a.as_boolean() == b.as_boolean();
  }
  if (a.kind() == Kind::kList && b.kind() == Kind::kList) {
    return std::ranges::equal(a.as_list(), b.as_list(), equal);
  }
  return order(a, b) == 0;
}

bool contains(const Value& whole, const Value& part) {
  if (whole.kind() == Kind::kList) {
    return std::ranges::any_of(whole.as_list(),
                               [&](const Value& item) { return equal(item, part); });
  }
  return whole.kind() == Kind::kString && part.kind() == Kind::kString &&
         whole.as_string().find(part.as_string()) != std::string::npos;
}

Value calculate(Op op, const Value& a, const Value& b) {
  if (a.kind() == Kind::kInteger && b.kind() == Kind::kInteger) {
    return calculate_integers(op, a.as_integer(), b.as_integer());
  }
  if (!is_number(a) || !is_number(b)) return {};
  switch (op) {
    case Op::kAdd:
      return of_number(number(a) + number(b));
    case Op::kSubtract:
      return of_number(number(a) - number(b));
    case Op::kMultiply:
      return of_number(number(a) * number(b));
    default:
      return number(b) == 0 ? Value() : of_number(number(a) / number(b));
  }
}

Value call_function(Op op, const std::vector<Value>& arguments) {
  const Value& first = arguments.front();
  switch (op) {
    case Op::kLength:
      if (first.kind() == Kind::kString) {
        return Value(static_cast<std::int64_t>(first.as_string().size()));
      }
      return Value(static_cast<std::int64_t>(first.as_list().size()));
    case Op::kAbs:
      return first.kind() == Kind::kInteger ? Value(std::abs(first.as_integer()))
                                            : Value(std::abs(first.as_number()));
    case Op::kMin:
    case Op::kMax: {
      const int wanted = op == Op::kMin ? -1 : 1;
      Value best = first;
      for (const Value& each : arguments) {
        if (each.is_missing()) return {};
        if (order(each, best) == wanted) best = each;
      }
      return best;
    }
    default:
      SOJOURN_CHECK(false, "the oracle knows the function");
      return {};
  }
}

std::string text_of(const Value& value) {
  if (value.kind() == Kind::kString) return value.as_string();
  std::string out;
  graph::append_json(out, value);
  return out;
}

}  // namespace sojourn::oracle
