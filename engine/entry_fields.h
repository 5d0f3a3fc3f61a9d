// What a graph keeps of the event that starts an enrollment.
#pragma once

#include <vector>

#include "engine/facts.h"
#include "graph/graph.h"

namespace sojourn::engine {

// By Graph::entry_fields; missing where the event has none.
std::vector<graph::Value> entry_fields_of(const graph::Graph& graph, const EventFact& event);

}  // namespace sojourn::engine
