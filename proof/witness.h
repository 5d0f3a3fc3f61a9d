// One way through a journey that shows something: what a proof found, step by step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/walk.h"
#include "proof/timed_graph.h"

namespace sojourn::graph {
struct Graph;
}

namespace sojourn::proof {

// A step that was left.
struct Leg {
  graph::StepIndex step = 0;
  graph::Edge edge;
  bool sent = false;
  base::Millis left;  // since the entry
};

struct Witness {
  std::vector<Leg> legs;  // in order
  // An event that comes just before the last leg, while its message waits to leave.
  std::optional<std::string> event_before_last;
  // It is the end that is shown: the journey's own, after the last leg.
  bool completes = false;
};

// A leg for each way; a way is left `since` the entry at the time beside it.
Leg leg_of(const TimedGraph& graph, const Way& way, base::Millis left);

// `1d2h`, `23h`, `0s`: days of 24 hours.
std::string length_text(base::Millis length);

// The witness as people read it, one line for each step that matters, with the time
// since the entry at which it is left:
//
//   +0s   enter on trial_started
//   +0s   send welcome: message 1
//   +22h  wait 1: wait 1d
std::vector<std::string> timeline(const graph::Graph& graph, const Witness& witness);

}  // namespace sojourn::proof
