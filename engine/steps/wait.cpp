#include "engine/aim.h"
#include "engine/steps/steps.h"
#include "engine/zones.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Wait& step) {
  const calendar::Zone& zone = journey_zone(turn.scope());
  const Aim target = aim(zone, turn.now, step.duration, false, step.at);
  if (target.due <= turn.now) return step.next;
  turn.rest(index);
  turn.arm(make_timer(Timer::Purpose::kWait, 0, target, zone, turn.facts.zones));
  return std::nullopt;
}

}  // namespace sojourn::engine
