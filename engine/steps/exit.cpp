#include "engine/steps/steps.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex /*index*/, const graph::Exit& step) {
  turn.end(step.reason);
  return std::nullopt;
}

}  // namespace sojourn::engine
