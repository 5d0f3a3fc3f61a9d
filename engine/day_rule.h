// The days of a clock time: `wait until monday 09:00`, `enter every workday at 09:00`.
// Pure functions.
#pragma once

#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "calendar/zone.h"
#include "graph/step.h"

namespace sojourn::engine {

bool falls_on(const graph::DayRule& rule, std::int32_t day);

// The next reading of `time` that begins strictly later than `after`, on a day of the rule
// behind `last_day`, if that is given. Without one the calendar has ended.
std::optional<calendar::LocalTime> next_reading(const calendar::Zone& zone,
                                                const graph::DayRule& rule, graph::TimeOfDay time,
                                                base::Instant after,
                                                std::optional<std::int64_t> last_day = {});

}  // namespace sojourn::engine
