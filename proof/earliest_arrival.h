// How soon a step, or the end of the journey, can be reached after the entry.
#pragma once

#include <vector>

#include "base/instant.h"
#include "graph/graph.h"

namespace sojourn::proof {

// Never more than what passes, whatever happens; kForever where no way leads.
struct EarliestArrivals {
  std::vector<base::Millis> steps;  // by step
  base::Millis end;                 // at the journey's own end
};
EarliestArrivals earliest_arrivals(const graph::Graph& graph);

}  // namespace sojourn::proof
