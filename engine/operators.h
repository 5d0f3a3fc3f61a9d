// The language's operators over values (language 6). Pure and total: operands
// of kinds that do not fit give the missing value, as do overflow and division
// by zero; nothing here aborts or throws.
#pragma once

#include <compare>

#include "graph/value.h"

namespace sojourn::engine {

// `==`. A missing value equals nothing, not even another. 1 equals 1.0. Lists
// and objects are equal item by item.
bool equal(const graph::Value& a, const graph::Value& b);

// `<` and its kin; unordered when either is missing or the kinds are unlike.
// Integers and numbers compare exactly. Strings go by their bytes. Durations go
// by length, a day being 24 hours and a month a twelfth of the mean Gregorian
// year (30.436875 days).
std::partial_ordering compare(const graph::Value& a, const graph::Value& b);

// `contains` of a list (by `equal`) or of a string.
bool contains(const graph::Value& whole, const graph::Value& part);
bool starts_with(const graph::Value& text, const graph::Value& prefix);
bool ends_with(const graph::Value& text, const graph::Value& suffix);

// Integers, numbers and durations; integer with number is number. Integers that
// divide evenly stay integers, others become numbers. `multiply` also takes an
// integer and a duration, in either order.
graph::Value add(const graph::Value& a, const graph::Value& b);
graph::Value subtract(const graph::Value& a, const graph::Value& b);
graph::Value multiply(const graph::Value& a, const graph::Value& b);
graph::Value divide(const graph::Value& a, const graph::Value& b);
graph::Value negate(const graph::Value& v);

// A number as every stored value has it: missing when not finite, never -0.
graph::Value finite_number(double v);

// The value in the one form that equal values share (1.0 as 1), for hashing.
graph::Value canonical(const graph::Value& v);

}  // namespace sojourn::engine
