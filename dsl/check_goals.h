// `goal NAME on EVENT [where …] within D [value EXPR] [and exit]` of a journey.
#pragma once

#include "dsl/expression_context.h"

namespace sojourn::dsl {

// Adds the goal to the graph. `scope`: what an exit may read. `names`: the goals so far.
void check_goal(const ast::GoalClause& node, const Scope& scope, Places& names,
                ExpressionContext& context);

}  // namespace sojourn::dsl
