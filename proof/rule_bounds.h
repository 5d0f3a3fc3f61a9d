// What the policy's caps and `once` make of the bounds of one user over all journeys.
#pragma once

#include <vector>

#include "proof/prove.h"

namespace sojourn::graph {
struct Catalog;
}

namespace sojourn::proof {

// Lowers what the rules lower. `sums`: as sum_per_user gives them, one for each campaign
// that is sent among them. A cap of N per D lets at most N leave in any stretch of D, so
// N times as many as such stretches are needed to cover a longer one; a campaign that is
// `once` leaves once. Nothing is raised.
void refine_by_rules(std::vector<SendBounds>& sums, const graph::Catalog& catalog);

}  // namespace sojourn::proof
