// What the language reads off the calendar and the wall clock, in a given zone.
// Pure and total: kinds that do not fit, and results outside the years 1 to
// 9999, give the missing value.
#pragma once

#include "calendar/zone.h"
#include "graph/value.h"

namespace sojourn::engine {

// Timestamp or date, plus or minus a duration: months and days by the calendar,
// then elapsed milliseconds. A date takes only whole days.
graph::Value add_duration(const calendar::Zone& zone, const graph::Value& time,
                          const graph::Value& duration);
graph::Value subtract_duration(const calendar::Zone& zone, const graph::Value& time,
                               const graph::Value& duration);
// Timestamp - timestamp: elapsed. Date - date: days.
graph::Value difference(const graph::Value& later, const graph::Value& earlier);

// Of a timestamp (in the zone) or, but for `time_of`, a date.
graph::Value date_of(const calendar::Zone& zone, const graph::Value& time);
graph::Value time_of(const calendar::Zone& zone, const graph::Value& time);
// "monday" to "sunday".
graph::Value weekday_of(const calendar::Zone& zone, const graph::Value& time);
graph::Value year_of(const calendar::Zone& zone, const graph::Value& time);
graph::Value month_of(const calendar::Zone& zone, const graph::Value& time);
graph::Value day_of(const calendar::Zone& zone, const graph::Value& time);
// Midnights from `from` to `to`; negative when `to` is earlier.
graph::Value days_between(const calendar::Zone& zone, const graph::Value& from,
                          const graph::Value& to);

}  // namespace sojourn::engine
