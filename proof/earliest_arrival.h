// How soon a step can be reached after the entry.
#pragma once

#include <vector>

#include "base/instant.h"
#include "graph/graph.h"

namespace sojourn::proof {

// By step: never more than what passes, whatever happens; kForever where no way leads.
std::vector<base::Millis> earliest_arrivals(const graph::Graph& graph);

}  // namespace sojourn::proof
