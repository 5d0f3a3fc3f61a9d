// `wait until [DAY] 09:00[..17:00]`: the day and time are chosen on arrival, by the
// zone of that moment, and kept; a change of zone moves the instant.
#include <cstdint>

#include "engine/aim.h"
#include "engine/day_rule.h"
#include "engine/steps/steps.h"
#include "engine/zones.h"

namespace sojourn::engine {
namespace {

constexpr std::int32_t kMillisPerMinute = 60'000;

bool inside_window(const graph::WaitUntilTime& step, calendar::LocalTime local) {
  if (!step.to) return false;
  const graph::TimeOfDay time{local.millis / kMillisPerMinute};
  const bool crosses_midnight = *step.to < step.from;
  if (time >= step.from && (crosses_midnight || time < *step.to)) {
    return falls_on(step.day, local.day);
  }
  return crosses_midnight && time < *step.to && falls_on(step.day, local.day - 1);
}

}  // namespace

Onward arrive(Turn& turn, graph::StepIndex index, const graph::WaitUntilTime& step) {
  const calendar::Zone& zone = journey_zone(turn.scope());
  if (inside_window(step, zone.to_local(turn.now))) return step.next;
  const auto reading = next_reading(zone, step.day, step.from, turn.now);
  // Without one the calendar has ended.
  const Aim target = reading ? aim_at(zone, *reading) : Aim{base::kNever, std::nullopt};
  turn.rest(index);
  turn.arm(make_timer(Timer::Purpose::kWait, 0, target, zone, turn.facts.zones));
  return std::nullopt;
}

}  // namespace sojourn::engine
