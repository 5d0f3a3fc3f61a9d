// Moving through local time (language 9 and 13). Pure functions over a zone;
// they know nothing of graphs, so a duration is given as its three numbers.
//
// Years 1 to 9999 are what there is: an answer outside them is nullopt.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/instant.h"
#include "calendar/zone.h"

namespace sojourn::calendar {

// The reading `months`, then `days` away, at the same time of day. A day that its
// month lacks becomes the month's last: 31 January and one month is 28 February.
// (Whether a zone shows that reading is asked by Zone::to_instant.)
std::optional<LocalTime> add(LocalTime from, std::int32_t months, std::int32_t days);

// Months and days by the zone's calendar, then `millis` elapsed. A reading in a
// gap, or on a day the zone skipped, is the first instant after it. Without
// months and days nothing is read off the wall clock, so `24h` and `1d` differ
// across a clock change.
std::optional<base::Instant> add(const Zone& zone, base::Instant from, std::int32_t months,
                                 std::int32_t days, std::int64_t millis);

// The same day, at `minute_of_day` (0 to 1439).
LocalTime at_time(LocalTime day, std::int32_t minute_of_day);

// The next reading of `minute_of_day` that begins strictly later than `after` by
// to_instant's rule for gaps and overlaps: once on every day that exists and is
// `wanted`. Days are looked through up to `search_days` from today; at least 2,
// since today's may have passed and tomorrow may have been skipped.
using DayTest = std::function<bool(std::int32_t day)>;
std::optional<LocalTime> next_local_time(const Zone& zone, base::Instant after,
                                         std::int32_t minute_of_day, const DayTest& wanted,
                                         std::int32_t search_days);

// Monday is 1, Sunday 7.
int weekday(std::int32_t day);

}  // namespace sojourn::calendar
