// A journey that has every kind of step, for tests that walk it at random.
#pragma once

#include "graph/graph.h"

namespace sojourn::engine::test {

graph::Graph trial_journey();

}  // namespace sojourn::engine::test
