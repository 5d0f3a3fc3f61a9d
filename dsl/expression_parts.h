// The parts that check_expression chooses from, one per family of expressions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dsl/check_expression.h"

namespace sojourn::dsl {

// check_literals.cpp
Typed check_string(ExpressionContext& context, const Scope& scope, const ast::StringLiteral& string,
                   Span span);
Typed check_duration_literal(ExpressionContext& context, const ast::Duration& duration, Span span);
Typed check_date_literal(ExpressionContext& context, const ast::Date& date, Span span);
Typed check_timestamp_literal(ExpressionContext& context, const ast::Timestamp& timestamp,
                              Span span);
Typed check_list(ExpressionContext& context, const Scope& scope, const ast::ListLiteral& list,
                 Span span);
Typed check_object(ExpressionContext& context, const Scope& scope, const ast::Map& map, Span span);

// check_names.cpp
Typed check_name(ExpressionContext& context, const Scope& scope, const ast::Name& name);
Typed check_field(ExpressionContext& context, const Scope& scope, const ast::FieldRef& ref,
                  Span span);

// A path of fields of the event at hand, `event.a.b`, at least one.
Typed check_event_path(ExpressionContext& context, const Scope& scope,
                       const std::vector<const ast::Name*>& fields, Span span);

// A path of fields of the item at hand, `it.a.b`; none: the item itself.
Typed check_item_path(ExpressionContext& context, const Scope& scope,
                      const std::vector<const ast::Name*>& fields, Span span);

// The word that a path begins with: `user` of `user.a.b`; empty if it is no path.
std::string path_root(const ast::Expr& expr);

// check_logic.cpp
Typed check_not(ExpressionContext& context, const Scope& scope, const ast::Not& node, Span span);
Typed check_is_test(ExpressionContext& context, const Scope& scope, const ast::IsTest& test,
                    Span span);
Typed check_and_or(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                   Span span);
Typed check_if(ExpressionContext& context, const Scope& scope, const ast::IfExpr& node, Span span);
Typed check_default(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                    Span span);

// check_comparison.cpp
Typed check_comparison(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                       Span span);
Typed check_in(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
               Span span);
Typed check_text_test(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                      Span span);
Typed check_matches(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                    Span span);
// Reports when `==` could never hold between the two.
bool need_comparable(ExpressionContext& context, const Typed& left, Span left_span,
                     const Typed& right, Span right_span, std::string_view op);

// check_arithmetic.cpp
Typed check_arithmetic(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                       Span span);
Typed check_negate(ExpressionContext& context, const Scope& scope, const ast::Negate& node,
                   Span span);

// check_functions.cpp
Typed check_call(ExpressionContext& context, const Scope& scope, const ast::Call& call, Span span);

// check_collection.cpp
Typed check_question(ExpressionContext& context, const Scope& scope, const ast::Question& question,
                     Span span);
Typed check_engagement_test(ExpressionContext& context, const Scope& scope,
                            const ast::EngagementTest& test, Span span);
Typed check_aggregate(ExpressionContext& context, const Scope& scope,
                      const ast::Aggregate& aggregate, Span span);

// check_membership.cpp
Typed check_membership(ExpressionContext& context, const Scope& scope,
                       const ast::Membership& membership, Span span);

std::string_view spelling(ast::BinaryOp op);

}  // namespace sojourn::dsl
