// What operators make of values, as docs/language.md says it of expressions: a missing
// value equals nothing and is neither less nor greater. Operands that do not fit, division
// by zero and overflow give the missing value. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "graph/expression.h"
#include "graph/value.h"

namespace sojourn::oracle {

bool equal(const graph::Value& a, const graph::Value& b);
// -1, 0, 1; none when they cannot be ordered.
std::optional<int> order(const graph::Value& a, const graph::Value& b);
bool contains(const graph::Value& whole, const graph::Value& part);
graph::Value calculate(graph::Op op, const graph::Value& a, const graph::Value& b);
// The functions of one or more values that read no zone; aborts on another.
graph::Value call_function(graph::Op op, const std::vector<graph::Value>& arguments);
// What `${…}` puts into a text.
std::string text_of(const graph::Value& value);
// A day is 24 hours here, a month a twelfth of 365.2425 days.
double length_in_millis(const graph::Duration& duration);

}  // namespace sojourn::oracle
