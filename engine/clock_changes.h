// What the local clock does in the days to come, for conditions over `weekday(now)`,
// `time(now)` and their kin. Pure, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/instant.h"
#include "calendar/zone.h"

namespace sojourn::engine {

// So many beginnings of a day are looked ahead to: every weekday is among them.
inline constexpr int kDaysLookedAhead = 8;

struct ClockChanges {
  std::vector<base::Instant> instants;  // in order
  base::Instant until;                  // none is missing up to here; the last of them
};

// The instants after `from` at which a day begins, the zone's offset changes, or the clock
// shows one of `minutes` (after midnight). Between two of them the local date is the same, and
// the time of day on the same side of each of `minutes`.
ClockChanges clock_changes(const calendar::Zone& zone, base::Instant from,
                           std::span<const std::int32_t> minutes);

}  // namespace sojourn::engine
