// Pictures of a graph for people and tools.
#pragma once

#include <string>

namespace sojourn::graph {

struct Graph;

std::string print_mermaid(const Graph& graph);
std::string print_dot(const Graph& graph);
// {"journey":…,"version":…,"steps":[{"identity":…,"kind":…,"next":[…]}…]…}
std::string print_json(const Graph& graph);

}  // namespace sojourn::graph
