#include <string>

#include "engine/evaluate.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Branch& step) {
  const Scope scope = turn.scope();
  for (std::size_t i = 0; i < step.arms.size(); ++i) {
    turn.because(scope, step.arms[i].condition);
    if (!holds(scope, step.arms[i].condition)) continue;
    const auto arm = static_cast<std::uint32_t>(i);
    turn.note_way(index, graph::Edge::Way::kArm, std::to_string(i + 1), arm);
    return step.arms[i].next;
  }
  turn.note_way(index, graph::Edge::Way::kElse, "else");
  return step.otherwise;
}

}  // namespace sojourn::engine
