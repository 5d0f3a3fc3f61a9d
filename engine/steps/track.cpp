// `track` and `start`: both put something in the way of this very user.
#include <algorithm>
#include <iterator>

#include "engine/evaluate.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {
namespace {

// An event does not have what is missing.
std::vector<graph::Field> fields_there(const Turn& turn, graph::ExprId object) {
  std::vector<graph::Field> there;
  if (object == graph::kNoExpr) return there;
  const graph::Value fields = evaluate(turn.scope(), object);
  if (fields.kind() != graph::Value::Kind::kObject) return there;
  std::ranges::copy_if(fields.as_object(), std::back_inserter(there),
                       [](const graph::Field& field) { return !field.second.is_missing(); });
  return there;
}

}  // namespace

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Track& step) {
  if (turn.enrollment.measure.held_out) return step.next;
  turn.effects.emplace_back(
      TrackEvent{index, turn.count(index), step.event, fields_there(turn, step.fields)});
  return step.next;
}

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Start& step) {
  if (turn.enrollment.measure.held_out) return step.next;
  turn.effects.emplace_back(StartJourney{index, step.journey, fields_there(turn, step.fields)});
  return step.next;
}

}  // namespace sojourn::engine
