// What a value can be, as far as it is known: missing or not, and if it is there, one of
// which. A set holds every value that is possible, and perhaps some that are not; so "it
// cannot be" is certain, and "it can be" is not. A value type, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "graph/type.h"
#include "graph/value.h"
#include "proof/number_ranges.h"
#include "proof/text_set.h"

namespace sojourn::proof {

class ValueSet {
 public:
  enum class Order : std::uint8_t { kLess, kLessEqual, kGreater, kGreaterEqual };

  // Nothing at all: what is this cannot be.
  ValueSet() = default;
  static ValueSet missing();
  // Anything that is set.
  static ValueSet set();
  static ValueSet anything();
  static ValueSet just(const graph::Value& value);
  // What a field of this type can be; missing, too, if it is optional.
  static ValueSet of(const graph::Type& type);

  bool is_empty() const { return !may_be_missing() && !may_be_set(); }
  bool may_be_missing() const { return missing_; }
  bool may_be_set() const { return !std::holds_alternative<None>(set_); }
  // One value, and not the missing one.
  bool is_single() const;
  bool has(const graph::Value& value) const;
  // The texts in it, if that is all that can be set; else nullptr.
  const TextSet* texts() const { return std::get_if<TextSet>(&set_); }

  ValueSet with_missing(bool may_be = true) const;
  ValueSet without_missing() const { return with_missing(false); }

  friend ValueSet united(const ValueSet& a, const ValueSet& b);
  friend ValueSet common(const ValueSet& a, const ValueSet& b);
  // Those of `a` that do not equal the one value that `b` is; `a` when `b` may be several.
  friend ValueSet without(const ValueSet& a, const ValueSet& b);
  // The set values of `a` that stand in this order to some set value of `b`, by the
  // language's `<` and its kin. All of them where no order is known.
  friend ValueSet ordered(const ValueSet& a, Order order, const ValueSet& b);
  // Every set value of `a` is before, at or after every set value of `b`.
  friend bool have_order(const ValueSet& a, const ValueSet& b);

  // What stands after "x is": "at least 5", `"free"` or `"trial"`, "missing".
  std::string words() const;

  friend bool operator==(const ValueSet&, const ValueSet&) = default;

 private:
  struct None {
    friend bool operator==(None, None) = default;
  };
  struct Any {
    friend bool operator==(Any, Any) = default;
  };
  // What is counted on a line of its own.
  enum class Line : std::uint8_t { kNumber, kBoolean, kTimestamp, kDate, kTimeOfDay };
  struct OnLine {
    Line line = Line::kNumber;
    NumberRanges ranges;
    friend bool operator==(const OnLine&, const OnLine&) = default;
  };
  using Set = std::variant<None, Any, OnLine, TextSet>;

  static Set of_value(const graph::Value& value);
  static Set of_type(const graph::Type& type);
  static Set on_line(Line line, NumberRanges ranges);
  static Set of_texts(TextSet texts);
  static std::string point_words(Line line, Point point);
  static std::string range_words(Line line, const Range& range);
  std::string set_words() const;

  bool missing_ = false;
  Set set_;
};

}  // namespace sojourn::proof
