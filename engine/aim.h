// Where a wait aims: an instant and, when the calendar has a say in it, the local
// time that was chosen. Purely elapsed waits have no local time, so no change of
// zone moves them.
#pragma once

#include <optional>

#include "base/instant.h"
#include "calendar/zone.h"
#include "engine/enrollment.h"
#include "graph/value.h"

namespace sojourn::engine {

struct Aim {
  base::Instant due;
  std::optional<calendar::LocalTime> local;
};

// `duration` away from `from`, after it or `before` it, and then, if `at` is
// given, that time of day on the day reached (which may be earlier than `from`).
// Held within the years 1 to 9999.
Aim aim(const calendar::Zone& zone, base::Instant from, const graph::Duration& duration,
        bool before, std::optional<graph::TimeOfDay> at);

// That time on the day of `day`. One that the zone skipped goes to the first instant after
// it, and so to the day of that.
calendar::LocalTime on_day(const calendar::Zone& zone, calendar::LocalTime day,
                           graph::TimeOfDay at);

// A local time as such: midnight of a date, say.
Aim aim_at(const calendar::Zone& zone, calendar::LocalTime local);

// `d` later, or the last instant there is.
base::Instant later(base::Instant from, base::Millis d);

Timer make_timer(Timer::Purpose purpose, std::uint32_t index, const Aim& aim,
                 const calendar::Zone& zone, calendar::ZoneSource& zones);

// Moves a timer with an intent to where the clock of `zone` shows its local time, unless it
// stands there already. The intent keeps the zone that its time was chosen for: by it
// steps tell that what they follow has changed.
void rezone(Timer& timer, const calendar::Zone& zone, calendar::ZoneSource& zones);

}  // namespace sojourn::engine
