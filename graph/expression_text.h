// Expressions as an author would write them, for people to read. The text is not
// parsed back: a local has lost its name and shows its slot, as `$0`.
#pragma once

#include <string>

#include "base/instant.h"
#include "graph/expression.h"

namespace sojourn::graph {

struct Graph;

std::string to_string(const Graph& graph, ExprId id);
std::string to_string(const Value& value);
// A limit, in which a day is 24 hours (language 9): `1d12h`.
std::string to_string(base::Millis limit);

}  // namespace sojourn::graph
