// How an expression depends on `now`. Of a condition that is looked at again while
// time passes, the engine must know the instants at which it can change.
#pragma once

#include <optional>

#include "graph/expression.h"

namespace sojourn::graph {

struct Graph;

bool reads_now(const Graph& graph, ExprId id);

// As `now` grows, the value only grows, or only falls: `now - 3d`, `now - user.t`,
// `date(now)`; not `weekday(now)`.
bool goes_with_now(const Graph& graph, ExprId id);

// A comparison of a value that goes with `now` with one that does not read it.
bool compares_now(const Graph& graph, const Expression& node);

// `weekday(now)` and its kin, which change when a day begins.
bool tells_day_of_now(const Graph& graph, const Expression& node);

// A comparison of `time(now)` with a value that does not read `now`; nothing, or the other
// side of it.
std::optional<ExprId> compared_with_time_of_now(const Graph& graph, const Expression& node);

// `now` is read in such ways only, and in none inside a question.
bool changes_at_known_instants(const Graph& graph, ExprId condition);

}  // namespace sojourn::graph
