// What a step lets happen to its own user, and so which journeys it can start.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sojourn::graph {

struct Catalog;

// By the names of events, reserved ones (graph/reserved.h) included. What becomes of a
// message is named for each thing that events_meant() (graph/awaits.h) tells messages
// apart by.
std::vector<std::string> events_caused_by(const Graph& graph, const Step& step,
                                          const Catalog& catalog);

}  // namespace sojourn::graph
