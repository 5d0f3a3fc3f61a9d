// Expressions: names, types and guards checked, nodes of the graph made.
#pragma once

#include <optional>
#include <string_view>

#include "dsl/expression_context.h"
#include "graph/value.h"

namespace sojourn::dsl {

Typed check_expression(ExpressionContext& context, const Scope& scope, const ast::Expr& expr);

// As above, and it must be a boolean that is there.
Typed check_condition(ExpressionContext& context, const Scope& scope, const ast::Expr& expr);

// As above, and it must be there. `needer` says who needs it: "`+`", "the field `x`".
Typed check_value(ExpressionContext& context, const Scope& scope, const ast::Expr& expr,
                  std::string_view needer);

// Reports when `typed` may be missing; the result is then not known.
Typed need_value(ExpressionContext& context, Typed typed, Span span, std::string_view needer);

// Reports when `typed` does not fit `wanted` (a missing value aside); says whether it fits.
// `asker` is where `wanted` was declared.
bool need_type(ExpressionContext& context, const Typed& typed, Span span, const graph::Type& wanted,
               std::optional<Span> asker = std::nullopt);

// A literal, or a constant that stands for one, of the kind wanted. nullopt when
// it is neither, which has been reported. `what` names it: "the length of a wait".
std::optional<graph::Value> check_literal(ExpressionContext& context, const ast::Expr& expr,
                                          graph::Type::Kind kind, std::string_view what);
std::optional<graph::Duration> check_duration(ExpressionContext& context, const ast::Expr& expr,
                                              std::string_view what);
// Of fixed length: a day is 24 hours; months and years are refused.
std::optional<base::Millis> check_elapsed(ExpressionContext& context, const ast::Expr& expr,
                                          std::string_view what);
std::optional<graph::TimeOfDay> check_time_of_day(ExpressionContext& context,
                                                  const ast::Expr& expr);
// check_day.cpp: the days of a clock time; every day when it names none.
graph::DayRule check_day(ExpressionContext& context, const ast::Day& day);
// A whole number from `low` to `high`.
std::optional<std::int64_t> check_count(ExpressionContext& context, const ast::Expr& expr,
                                        std::string_view what, std::int64_t low, std::int64_t high);

// The constant `name` in this graph. Reports faults of its definition.
Typed check_constant(ExpressionContext& context, const ast::Constant& constant);

// The condition of `segment` in this graph. Reports faults of its definition.
Typed check_segment(ExpressionContext& context, const ast::Segment& segment);

}  // namespace sojourn::dsl
