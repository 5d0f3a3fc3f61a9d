// The ways out of a step, with the time that each takes: one rule for each kind of step.
#pragma once

#include <vector>

#include "graph/walk.h"
#include "proof/delay.h"

namespace sojourn::graph {
struct Graph;
}

namespace sojourn::proof {

struct StepWay {
  graph::Edge edge;
  Delay delay;
  bool sent = false;
};

// In the order written. A schedule and a repeat have none here: their ways depend on
// what has run already (timed_graph.cpp).
std::vector<StepWay> step_ways(const graph::Graph& graph, const graph::Step& step);

}  // namespace sojourn::proof
