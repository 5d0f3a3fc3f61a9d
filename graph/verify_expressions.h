// The part of `verify` that looks at the expression pool and at constants.
#pragma once

#include <optional>
#include <string>

namespace sojourn::graph {

struct Graph;

// What is wrong with the first bad expression, named by its index; nullopt when
// all are sound.
std::optional<std::string> find_bad_expression(const Graph& graph);

}  // namespace sojourn::graph
