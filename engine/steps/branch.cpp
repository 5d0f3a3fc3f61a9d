#include <string>

#include "engine/evaluate.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Branch& step) {
  const Scope scope = turn.scope();
  for (std::size_t i = 0; i < step.arms.size(); ++i) {
    if (!holds(scope, step.arms[i].condition)) continue;
    turn.note(Note::Kind::kBranch, index, std::to_string(i + 1));
    return step.arms[i].next;
  }
  turn.note(Note::Kind::kBranch, index, "else");
  return step.otherwise;
}

}  // namespace sojourn::engine
