#include <algorithm>

#include "engine/evaluate.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Track& step) {
  if (turn.enrollment.measure.held_out) return step.next;
  TrackEvent effect{index, turn.count(index), step.event, {}};
  if (step.fields != graph::kNoExpr) {
    const graph::Value fields = evaluate(turn.scope(), step.fields);
    if (fields.kind() == graph::Value::Kind::kObject) {
      // An event does not have what is missing.
      std::ranges::copy_if(fields.as_object(), std::back_inserter(effect.fields),
                           [](const graph::Field& field) { return !field.second.is_missing(); });
    }
  }
  turn.effects.emplace_back(std::move(effect));
  return step.next;
}

}  // namespace sojourn::engine
