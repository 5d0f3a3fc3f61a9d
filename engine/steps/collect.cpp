// `collect`: rests for its length; what comes meanwhile, before and after is gathered
// by engine/collecting.h.
#include <algorithm>

#include "engine/aim.h"
#include "engine/collecting.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Collect& step) {
  const bool in_a_later_round = std::ranges::any_of(
      turn.enrollment.loops, [](const LoopState& loop) { return loop.rounds > 1; });
  open_collection(turn, step, in_a_later_round);
  const base::Instant end = later(turn.now, step.length);
  if (end <= turn.now) return step.next;
  turn.rest(index);
  turn.arm({.purpose = Timer::Purpose::kWait, .index = 0, .due = end, .intent = std::nullopt});
  return std::nullopt;
}

}  // namespace sojourn::engine
