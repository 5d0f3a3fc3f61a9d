// Where in the journeys' text their steps and exit rules stand, for people to read:
// "trial.journey:12".
#pragma once

#include <functional>
#include <map>
#include <string>

#include "runtime/string_map.h"

namespace sojourn::runtime {

// By journey; there by the step's identity, or by the words that a Reason has for the rule.
using StepPlaces = std::map<std::string, StringMap<std::string>, std::less<>>;

}  // namespace sojourn::runtime
