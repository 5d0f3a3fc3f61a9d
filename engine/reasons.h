// Why something was decided, put into words. A second look at a condition, taken only where
// a decision is told of: the evaluator itself knows nothing of it. Pure and total.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/decision.h"
#include "engine/evaluate.h"
#include "engine/sending_rules.h"
#include "graph/graph.h"
#include "graph/walk.h"

namespace sojourn::engine {

// Adds what evaluating `expression` in this scope reads, in the order in which it is read and
// nothing twice: fields, `now`, bound events; a question and a function of the calendar as a
// whole, with its answer. What `and`, `or` and `if` do not look at is not there. kNoExpr
// reads nothing. When some of it goes by local time, the zone is added, too.
void add_reads(const Scope& scope, graph::ExprId expression, Reason& why);

// As add_reads of each field of an object, called by its name.
void add_fields(const std::vector<graph::Field>& fields, Reason& why);

// `text`, cut to so many bytes, between two characters.
std::string bounded(std::string text, std::size_t max_bytes);

// Why `step` went this way; `arm` counts among its arms, or rungs.
std::string rule_of_way(const graph::Graph& graph, const graph::Step& step, graph::Edge::Way way,
                        std::uint32_t arm);

// Which `enter` line let the event in, and what it read.
Reason reason_of_entry(const graph::Graph& graph, const Facts& facts, const EventFact& event,
                       base::Instant now);
// Of exit rule `rule`, which holds in this scope.
Reason reason_of_exit(const Scope& scope, std::uint32_t rule);
// Of a goal that is met, and ends the enrollment.
Reason reason_of_goal(const Scope& scope, const graph::Goal& goal);
// Why an enrollment that rests at `step` waits as it does; `as_of`: a scope at its arrival.
Reason reason_of_wait(const Scope& as_of, const graph::Step& step, bool by_local_time);
// What holds a message back: the cap and the messages that fill it at `now`, the newest first; or
// the quiet hours, which go by the person's zone.
Reason reason_of_hold(const Scope& scope, const SendCase& send, const Holder& holder,
                      base::Instant now);

}  // namespace sojourn::engine
