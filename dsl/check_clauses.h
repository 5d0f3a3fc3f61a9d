// The clauses of a journey: who answers for it, what starts and ends it, its zone.
#pragma once

#include <vector>

#include "dsl/expression_context.h"

namespace sojourn::dsl {

struct CompiledJourney;

// Fills the graph's clauses and the context's entry; `places` gets those of Graph::exits and
// Graph::watched. Returns the journey's `data`, or null.
const ast::Map* check_clauses(const ast::Declaration& declaration, ExpressionContext& context,
                              CompiledJourney& places);

// check_entries.cpp: the `enter` lines, which come first, since what follows reads
// `entry`. `watched_spans` gets the places of Graph::watched.
void check_entries(const ast::Declaration& declaration, ExpressionContext& context,
                   std::vector<Span>& watched_spans);

// An entry that comes again and again, of a journey that nobody enters twice. After all
// clauses.
void check_recurring_entries(const ast::Journey& journey, const graph::Graph& graph,
                             Report& report);

// check_timezone.cpp: the zones of the journey's own times, from its `timezone` or else
// the policy's; of the two either may be null, not both. Quiet hours go by the policy's,
// or without one by the person's `timeZone`, and then by the journey's.
void check_timezones(const ast::Expr* journey, const ast::Expr* policy, ExpressionContext& context);

}  // namespace sojourn::dsl
