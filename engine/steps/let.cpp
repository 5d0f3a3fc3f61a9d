#include "engine/evaluate.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex /*index*/, const graph::Let& step) {
  turn.set_local(step.slot, evaluate(turn.scope(), step.value));
  return step.next;
}

}  // namespace sojourn::engine
