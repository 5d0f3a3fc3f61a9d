// Random small journeys, as graphs that the verifier accepts: every kind of step,
// blocks inside blocks, schedules inside schedules, now and then a loop.
#pragma once

#include "base/random.h"
#include "graph/catalog.h"
#include "graph/graph.h"

namespace sojourn::proof::test {

// What the random journeys send, and which events there are: `login`, `click`, `stop`.
graph::Catalog small_catalog();

// Reads `user.t` and `entry.t` (timestamps), `user.flag` and `user.other` (booleans). The
// entry event is `signup`.
graph::Graph random_journey(base::Random& random);

}  // namespace sojourn::proof::test
