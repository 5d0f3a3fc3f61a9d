#include "proof/value_set.h"

#include <cmath>
#include <utility>
#include <vector>

namespace sojourn::proof {
namespace {

using graph::Value;

constexpr Point kLastMinute = 1439;

NumberRanges all_numbers(bool integral) {
  return {Range{}, integral};
}

NumberRanges one_point(Point point) {
  return {Range{point, point}, std::trunc(point) == point};
}

}  // namespace

ValueSet::Set ValueSet::on_line(Line line, NumberRanges ranges) {
  if (ranges.is_empty()) return None{};
  return OnLine{line, std::move(ranges)};
}

ValueSet::Set ValueSet::of_texts(TextSet texts) {
  if (texts.is_empty()) return None{};
  return texts;
}

ValueSet::Set ValueSet::of_value(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kMissing:
      return None{};
    case Value::Kind::kBoolean:
      return on_line(Line::kBoolean, one_point(value.as_boolean() ? 1 : 0));
    case Value::Kind::kInteger:
      return on_line(Line::kNumber, one_point(static_cast<Point>(value.as_integer())));
    case Value::Kind::kNumber:
      return on_line(Line::kNumber, one_point(value.as_number()));
    case Value::Kind::kTimestamp:
      return on_line(Line::kTimestamp, one_point(static_cast<Point>(value.as_timestamp().millis)));
    case Value::Kind::kDate:
      return on_line(Line::kDate, one_point(value.as_date().days));
    case Value::Kind::kTimeOfDay:
      return on_line(Line::kTimeOfDay, one_point(value.as_time_of_day().minutes));
    case Value::Kind::kString:
      return of_texts(TextSet({value.as_string()}));
    default:
      return Any{};
  }
}

ValueSet::Set ValueSet::of_type(const graph::Type& type) {
  using Kind = graph::Type::Kind;
  switch (type.kind) {
    case Kind::kInteger:
      return on_line(Line::kNumber, all_numbers(true));
    case Kind::kNumber:
      return on_line(Line::kNumber, all_numbers(false));
    case Kind::kBoolean:
      return on_line(Line::kBoolean, {Range{0, 1}, true});
    case Kind::kTimestamp:
      return on_line(Line::kTimestamp, all_numbers(true));
    case Kind::kDate:
      return on_line(Line::kDate, all_numbers(true));
    case Kind::kTimeOfDay:
      return on_line(Line::kTimeOfDay, {Range{0, kLastMinute}, true});
    case Kind::kString:
    case Kind::kTimezone:
      return TextSet::all();
    case Kind::kOneOf:
      return of_texts(TextSet(type.choices));
    default:
      return Any{};
  }
}

ValueSet ValueSet::missing() {
  return ValueSet().with_missing();
}

ValueSet ValueSet::set() {
  ValueSet out;
  out.set_ = Any{};
  return out;
}

ValueSet ValueSet::anything() {
  return set().with_missing();
}

ValueSet ValueSet::just(const Value& value) {
  ValueSet out;
  out.missing_ = value.is_missing();
  out.set_ = of_value(value);
  return out;
}

ValueSet ValueSet::of(const graph::Type& type) {
  ValueSet out;
  out.missing_ = type.optional;
  out.set_ = of_type(type);
  return out;
}

bool ValueSet::is_single() const {
  if (missing_) return false;
  if (const auto* line = std::get_if<OnLine>(&set_)) return line->ranges.is_single();
  const TextSet* texts_in_it = texts();
  return texts_in_it != nullptr && texts_in_it->is_single();
}

bool ValueSet::has(const Value& value) const {
  if (value.is_missing()) return missing_;
  return common(*this, just(value)).may_be_set();
}

ValueSet ValueSet::with_missing(bool may_be) const {
  ValueSet out = *this;
  out.missing_ = may_be;
  return out;
}

ValueSet united(const ValueSet& a, const ValueSet& b) {
  ValueSet out;
  out.missing_ = a.missing_ || b.missing_;
  const auto* line_a = std::get_if<ValueSet::OnLine>(&a.set_);
  const auto* line_b = std::get_if<ValueSet::OnLine>(&b.set_);
  if (!a.may_be_set() || !b.may_be_set()) {
    out.set_ = a.may_be_set() ? a.set_ : b.set_;
  } else if (line_a != nullptr && line_b != nullptr && line_a->line == line_b->line) {
    out.set_ = ValueSet::on_line(line_a->line, united(line_a->ranges, line_b->ranges));
  } else if (a.texts() != nullptr && b.texts() != nullptr) {
    out.set_ = united(*a.texts(), *b.texts());
  } else {
    out.set_ = ValueSet::Any{};
  }
  return out;
}

ValueSet common(const ValueSet& a, const ValueSet& b) {
  ValueSet out;
  out.missing_ = a.missing_ && b.missing_;
  const auto* line_a = std::get_if<ValueSet::OnLine>(&a.set_);
  const auto* line_b = std::get_if<ValueSet::OnLine>(&b.set_);
  if (std::holds_alternative<ValueSet::Any>(a.set_)) {
    out.set_ = b.set_;
  } else if (std::holds_alternative<ValueSet::Any>(b.set_)) {
    out.set_ = a.set_;
  } else if (line_a != nullptr && line_b != nullptr && line_a->line == line_b->line) {
    out.set_ = ValueSet::on_line(line_a->line, common(line_a->ranges, line_b->ranges));
  } else if (a.texts() != nullptr && b.texts() != nullptr) {
    out.set_ = ValueSet::of_texts(common(*a.texts(), *b.texts()));
  }
  return out;
}

ValueSet without(const ValueSet& a, const ValueSet& b) {
  if (!b.is_single()) return a;
  ValueSet out = a;
  const auto* line_a = std::get_if<ValueSet::OnLine>(&a.set_);
  const auto* line_b = std::get_if<ValueSet::OnLine>(&b.set_);
  if (line_a != nullptr && line_b != nullptr && line_a->line == line_b->line) {
    out.set_ = ValueSet::on_line(line_a->line, without(line_a->ranges, line_b->ranges));
  } else if (a.texts() != nullptr && b.texts() != nullptr) {
    out.set_ = ValueSet::of_texts(without(*a.texts(), *b.texts()));
  }
  return out;
}

bool have_order(const ValueSet& a, const ValueSet& b) {
  const auto* line_a = std::get_if<ValueSet::OnLine>(&a.set_);
  const auto* line_b = std::get_if<ValueSet::OnLine>(&b.set_);
  return line_a != nullptr && line_b != nullptr && line_a->line == line_b->line &&
         line_a->line != ValueSet::Line::kBoolean;
}

ValueSet ordered(const ValueSet& a, ValueSet::Order order, const ValueSet& b) {
  ValueSet out = a.without_missing();
  if (!have_order(a, b)) return out;
  const auto& line_a = std::get<ValueSet::OnLine>(a.set_);
  const NumberRanges& other = std::get<ValueSet::OnLine>(b.set_).ranges;
  using Order = ValueSet::Order;
  const bool or_equal = order == Order::kLessEqual || order == Order::kGreaterEqual;
  const bool less = order == Order::kLess || order == Order::kLessEqual;
  out.set_ = ValueSet::on_line(line_a.line, less ? before(line_a.ranges, other, or_equal)
                                                 : after(line_a.ranges, other, or_equal));
  return out;
}

}  // namespace sojourn::proof
