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

// A timestamp or a date that never goes back while `now` goes on: `now`, `now + 3d`,
// `date(now) - 1mo`.
bool is_clock(const Graph& graph, ExprId id);

// `weekday(now)` and its kin, which change when a day of a clock begins. Nothing, or that clock.
std::optional<ExprId> tells_day_of(const Graph& graph, const Expression& node);

// A comparison of `time(now)`, or of another clock, with a value that does not read `now`.
struct TimeCompared {
  ExprId clock;
  ExprId with;
};
std::optional<TimeCompared> compares_time_of(const Graph& graph, const Expression& node);

// `now` is read in such ways only. Inside a question that may be, too, of each event or item by
// itself; but not inside a question that stands in another, and a list whose items come and go
// with the time has none that could be looked at beforehand.
bool changes_at_known_instants(const Graph& graph, ExprId condition);

}  // namespace sojourn::graph
