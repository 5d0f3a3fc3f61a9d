#include "engine/evaluate.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex index, const graph::UpdateUser& step) {
  if (turn.enrollment.measure.held_out) return step.next;
  const graph::Value fields = evaluate(turn.scope(), step.fields);
  if (fields.kind() != graph::Value::Kind::kObject || fields.as_object().empty()) return step.next;
  for (const graph::Field& field : fields.as_object()) turn.profile.change(field);
  turn.conditions_changed = true;
  turn.effects.emplace_back(ChangeProfile{index, turn.count(index), fields.as_object()});
  return step.next;
}

}  // namespace sojourn::engine
