// What a condition tells about which values are there: `user.x is set`, and every
// comparison that holds, since a missing value equals nothing and is neither less
// nor greater.
#pragma once

#include <string>
#include <string_view>

#include "dsl/expression_context.h"

namespace sojourn::dsl {

// Quoted field names may hold a dot, so paths are joined by what no name holds.
inline constexpr char kPathSeparator = '\x1f';
std::string join_path(std::string_view object, std::string_view field);

// The name of an expression in Facts; empty when it is not a path.
std::string path_of(const ExpressionContext& context, const ast::Expr& expr);

// What is set when `condition` turns out to be `outcome`.
Facts facts_if(const ExpressionContext& context, const ast::Expr& condition, bool outcome);

// What is set when the moment is: a timestamp, or one that lies a duration away from it.
Facts facts_of_moment(const ExpressionContext& context, const ast::Expr& moment);

Scope with_facts(Scope scope, const Facts& more);
// What both ways have in common.
Facts common_facts(const Facts& a, const Facts& b);
// Something was written there: neither it nor what is inside is known any more.
void forget_path(Facts& facts, const std::string& path);
// Facts about the profile hold until time passes.
void forget_user_facts(Facts& facts);

}  // namespace sojourn::dsl
