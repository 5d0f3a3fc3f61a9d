// Which places can come back to themselves.
#pragma once

#include <functional>
#include <vector>

#include "proof/timed_graph.h"

namespace sojourn::proof {

// By way: does it lie on a cycle made of ways that `usable` takes?
std::vector<bool> ways_on_cycles(const TimedGraph& graph,
                                 const std::function<bool(const Way&)>& usable);

}  // namespace sojourn::proof
