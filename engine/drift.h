// Where time alone can take a condition: of what counts events in a window that moves along,
// only downwards, since windows lose events and gain none. So the instant at which such a
// condition turns is found without a look at every instant between. Pure.
#pragma once

#include <cstdint>

#include "graph/graph.h"

namespace sojourn::engine {

// Of a condition: from true, over the missing value, to false, and never back; of a number:
// it never grows. Or the other way round.
enum class Drift : std::uint8_t { kNone, kFalls, kRises, kUnknown };

// While nothing happens to the user.
Drift drift_of(const graph::Graph& graph, graph::ExprId expression);

}  // namespace sojourn::engine
