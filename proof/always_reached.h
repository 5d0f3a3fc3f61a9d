// Is a step on every way to the journey's own end? A way that an `exit` ends, or an
// exit rule, needs not come by it.
#pragma once

#include <optional>

#include "proof/timed_graph.h"
#include "proof/witness.h"

namespace sojourn::proof {

// A way from the entry to the end that leaves `step` out; nullopt when there is none.
std::optional<Witness> way_around(const TimedGraph& graph, graph::StepIndex step);

}  // namespace sojourn::proof
