// A small welcome journey with everything that leaves the process: messages, one
// of them at most once, a profile update and an event; and waits for an event,
// for a length of time, and an exit in between.
#pragma once

#include "graph/catalog.h"
#include "graph/graph.h"

namespace sojourn::durability {

graph::Catalog welcome_catalog();
graph::Graph welcome_journey();

}  // namespace sojourn::durability
