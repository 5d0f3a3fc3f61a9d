// Concrete to abstract syntax tree. Literals get their values here; what has none,
// is stated twice or stands in the wrong place is reported.
#pragma once

#include "dsl/ast.h"
#include "dsl/cst_view.h"
#include "dsl/faults.h"

namespace sojourn::dsl {

ast::File build_ast(const CstView& view, Faults& faults);

}  // namespace sojourn::dsl
