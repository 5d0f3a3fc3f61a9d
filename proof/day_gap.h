// How far apart the days of a `wait until`, or of a schedule, can lie.
#pragma once

#include <cstdint>

#include "graph/step.h"

namespace sojourn::proof {

// The most days from one day of the rule to the next. A day that a zone skips is no
// part of the answer (docs/language.md, "What is proved").
std::int32_t largest_gap_days(const graph::DayRule& rule);
// The least.
std::int32_t smallest_gap_days(const graph::DayRule& rule);

}  // namespace sojourn::proof
