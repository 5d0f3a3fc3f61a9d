// What the first look finds (engine/watches.h) of people of whom nothing is known but who they
// are: of all of them the same, for most rules, so a program looks once and not at each. Pure.
#pragma once

#include <vector>

#include "base/instant.h"
#include "engine/facts.h"
#include "engine/watch_plan.h"
#include "engine/watches.h"

namespace sojourn::engine {

struct Newcomers {
  // Of the rules that find the same of everybody, at any time; those of which that is Watch{}
  // left out. In the order of the plan.
  std::vector<KnownWatch> alike;
  // The other rules, in the order of the plan.
  std::vector<RuleIndex> others;
};

// `nobody`: a profile that says nothing, no history, no memberships.
Newcomers find_newcomers(const WatchPlan& plan, const Facts& nobody, base::Instant now);

}  // namespace sojourn::engine
