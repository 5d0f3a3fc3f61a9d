// `add to list`, `remove from list`, `subscribe to`, `unsubscribe from`: what later steps and
// exit rules of the same turn see.
#include "engine/send_policy.h"
#include "engine/steps/steps.h"
#include "graph/catalog.h"

namespace sojourn::engine {
namespace {

void lay_over(Turn& turn, std::string_view message_type, bool subscribes) {
  const graph::MessageType* type = turn.memberships.message_type(message_type);
  if (type == nullptr || (subscribes && graph::is_asked_first(*type))) return;
  for (const graph::Field& field : with_subscription(turn.profile, *type, subscribes)) {
    turn.profile.change(field);
  }
}

}  // namespace

Onward arrive(Turn& turn, graph::StepIndex index, const graph::ChangeList& step) {
  if (turn.enrollment.measure.held_out) return step.next;
  turn.memberships.change(step.list, step.joins);
  turn.conditions_changed = true;
  turn.effects.emplace_back(ChangeList{index, turn.count(index), step.list, step.joins});
  return step.next;
}

Onward arrive(Turn& turn, graph::StepIndex index, const graph::ChangeSubscription& step) {
  if (turn.enrollment.measure.held_out) return step.next;
  for (const std::string& type : step.message_types) {
    lay_over(turn, type, step.subscribes);
    turn.effects.emplace_back(ChangeSubscription{index, turn.count(index), type, step.subscribes});
  }
  turn.conditions_changed = true;
  return step.next;
}

}  // namespace sojourn::engine
