// What comes to one user from outside, at random: events on time, late and out of order,
// changes of the profile, lists, engagement, entries by the API.
#pragma once

#include <string>
#include <vector>

#include "tests/differential/chance.h"
#include "tests/differential/random_program.h"
#include "tests/oracle/life.h"

namespace sojourn::differential {

struct History {
  oracle::Fields profile;  // before the first input
  std::vector<oracle::Input> inputs;
  base::Instant end;
};
// `by_api`: the journeys that can be entered so. What was drawn is added to `constructs`.
History random_history(base::Random& random, const std::vector<std::string>& by_api,
                       Coverage& constructs);
std::string to_string(const oracle::Input& input);

}  // namespace sojourn::differential
