// Local times that steps aim at (language 9 and 13), found by looking at one day after
// another. Pure.
#pragma once

#include <optional>

#include "calendar/zone.h"
#include "graph/sending_rules.h"
#include "graph/step.h"

namespace sojourn::oracle {

struct LocalMoment {
  base::Instant at;
  calendar::LocalTime local;
};

// `wait D [at 09:00]` that begins at `now`.
LocalMoment end_of_wait(const calendar::Zone& zone, base::Instant now,
                        const graph::Duration& duration, std::optional<graph::TimeOfDay> at);
// The next such time; `now` itself when it lies inside a window.
LocalMoment next_time(const calendar::Zone& zone, base::Instant now,
                      const graph::WaitUntilTime& step);
// That time of day, on the day of `from`.
base::Instant on_its_day(const calendar::Zone& zone, base::Instant from,
                         std::optional<graph::TimeOfDay> at);
// Is it quiet by the line, for somebody with this zone?
bool is_quiet(const graph::QuietHours& quiet, const calendar::Zone& zone, base::Instant at);
// So much before or after.
std::optional<base::Instant> shifted(const calendar::Zone& zone, base::Instant from,
                                     const graph::Duration& duration, bool before);

}  // namespace sojourn::oracle
