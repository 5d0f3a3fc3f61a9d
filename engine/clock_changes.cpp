#include "engine/clock_changes.h"

#include <algorithm>

namespace sojourn::engine {
namespace {

constexpr std::int64_t kMillisPerMinute = 60'000;
constexpr std::int32_t kMinutesPerDay = 24 * 60;

base::Millis to_midnight(const calendar::Zone& zone, base::Instant t) {
  return base::Millis{kMinutesPerDay * kMillisPerMinute - zone.to_local(t).millis};
}

}  // namespace

// From one point to the next, each a beginning of a day or a change of the offset, the
// clock goes evenly: a reading it comes to lies as far ahead as the reading is. One beyond
// the next point is not there, and looking at it does no harm.
ClockChanges clock_changes(const calendar::Zone& zone, base::Instant from,
                           std::span<const std::int32_t> minutes) {
  ClockChanges out;
  const std::int32_t today = zone.to_local(from).day;
  out.until = std::max(from, zone.to_instant({today + kDaysLookedAhead, 0}));
  // Where the clock went back past midnight, a day begins for the second time: so the next
  // midnight counts from there, too.
  std::vector<base::Instant> points{from, from + to_midnight(zone, from)};
  for (int day = 1; day <= kDaysLookedAhead; ++day) {
    points.push_back(zone.to_instant({today + day, 0}));
  }
  for (auto change = zone.next_transition(from); change && *change <= out.until;
       change = zone.next_transition(*change)) {
    points.push_back(*change);
    points.push_back(*change + to_midnight(zone, *change));
  }
  out.instants = points;
  for (const base::Instant point : points) {
    const std::int64_t shown = zone.to_local(point).millis;
    const auto add = [&](std::int32_t minute) {
      const base::Millis ahead{minute * kMillisPerMinute - shown};
      if (ahead.count > 0) out.instants.push_back(point + ahead);
    };
    for (const std::int32_t minute : minutes) add(minute);
    add(kMinutesPerDay);
  }
  std::erase_if(out.instants,
                [&](base::Instant instant) { return instant <= from || instant > out.until; });
  std::ranges::sort(out.instants);
  const auto twice = std::ranges::unique(out.instants);
  out.instants.erase(twice.begin(), twice.end());
  return out;
}

}  // namespace sojourn::engine
