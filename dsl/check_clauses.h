// The clauses of a journey: who answers for it, what starts and ends it, its zone.
#pragma once

#include <vector>

#include "dsl/expression_context.h"

namespace sojourn::dsl {

// Fills the graph's clauses and the context's entry; `exit_spans` gets the places of
// Graph::exits. Returns the journey's `data`, or null.
const ast::Map* check_clauses(const ast::Declaration& declaration, ExpressionContext& context,
                              std::vector<Span>& exit_spans);

// check_timezone.cpp: the chain of zones, from the journey or else the policy.
void check_timezone(const ast::Expr& chain, ExpressionContext& context);

}  // namespace sojourn::dsl
