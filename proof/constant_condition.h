// Conditions that do not depend on anybody: `if launched { … }` with `let launched = false`.
#pragma once

#include <optional>

#include "graph/expression.h"

namespace sojourn::graph {
struct Graph;
}

namespace sojourn::proof {

// What the condition always is; nullopt when it may be either. As in the language,
// what is not a true boolean does not hold.
std::optional<bool> constant_truth(const graph::Graph& graph, graph::ExprId condition);

}  // namespace sojourn::proof
