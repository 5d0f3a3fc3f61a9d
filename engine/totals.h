// What `sum`, `avg`, `min`, `max` and `list` make of the values of a collection. Missing
// values have been left out.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/value.h"

namespace sojourn::engine {

// 0 of nothing; missing when it overflows.
graph::Value sum(const std::vector<graph::Value>& values);
// Missing when there are no values.
graph::Value average(const std::vector<graph::Value>& values);
graph::Value smallest(const std::vector<graph::Value>& values);
graph::Value largest(const std::vector<graph::Value>& values);

// The first `most` of them; 0: all.
graph::Value first_few(std::vector<graph::Value> values, std::size_t most);

}  // namespace sojourn::engine
