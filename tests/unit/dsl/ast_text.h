// The shape of an expression as text, for tests: (or a (and b (not c))).
#pragma once

#include <string>

#include "dsl/ast_expr.h"

namespace sojourn::dsl {

std::string shape(const ast::ExprPtr& expr);

}  // namespace sojourn::dsl
