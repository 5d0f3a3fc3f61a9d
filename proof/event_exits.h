// Does an event end an enrollment wherever it stands? Then nothing is sent after it.
#pragma once

#include <string>
#include <vector>

#include "graph/expression.h"

namespace sojourn::graph {
struct Graph;
}

namespace sojourn::proof {

// An event, and what has to hold of it. The condition has a pool of its own, since it
// is no part of the journey; it is made over the same entry fields as the journey's.
struct EventCase {
  std::string event;
  std::vector<graph::Expression> expressions;
  graph::ExprId where = graph::kNoExpr;
};

// Is `rule` made of parts (joined by `and`) that `fact` states too, word for word?
bool implies(const graph::Graph& graph, graph::ExprId fact, graph::ExprId rule);

// Some exit rule fires for every such event: one without `where`, or whose `where` is
// made of parts (joined by `and`) that the case states too, word for word.
bool always_exits(const graph::Graph& graph, const EventCase& event);

}  // namespace sojourn::proof
