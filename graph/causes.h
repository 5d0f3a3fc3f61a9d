// What a step lets happen to its own user, and so which journeys it can start.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace sojourn::graph {

// By the names of events, reserved ones (graph/reserved.h) included.
std::vector<std::string> events_caused_by(const Graph& graph, const Step& step);

}  // namespace sojourn::graph
