// What every consumer of a graph may rely on. A graph that was decoded from
// disk is verified before the engine sees it.
#pragma once

#include "base/result.h"

namespace sojourn::graph {

struct Graph;

// Every index in range; arguments stand before their node; argument counts fit
// the operation; step identities unique and not empty; shares sum to 10,000; no
// cycle of steps that passes no resting place; the last zone link is a constant
// string; local slots below `local_count`; `needs` as compute_needs gives them.
// The error names the step or expression.
base::Status verify(const Graph& graph);

}  // namespace sojourn::graph
