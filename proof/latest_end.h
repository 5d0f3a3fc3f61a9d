// The latest time at which an enrollment can end, counted from its entry: the longest
// way by the most that each step can take.
#pragma once

#include <optional>

#include "proof/timed_graph.h"
#include "proof/witness.h"

namespace sojourn::proof {

struct LatestEnd {
  // nullopt: no end is proved, because of `endless`.
  std::optional<base::Millis> at;
  // A step that may last for ever, or that lies on a cycle.
  graph::StepIndex endless = graph::kCompleted;
  bool endless_by_cycle = false;
  // The queue of `pace` has no end; no step is to blame.
  bool endless_queue = false;
};

LatestEnd latest_end(const TimedGraph& graph);

// The way that ends last, each step taking as long as it can. Only when there is an end.
Witness longest_way(const TimedGraph& graph);

}  // namespace sojourn::proof
