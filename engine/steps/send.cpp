// A send rests until its delivery has ended. Nothing is armed meanwhile: the
// delivery itself, a row in the outbox, brings the enrollment on, and what makes
// it late is found by `decide_send` at every attempt.
#include "engine/steps/steps.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Send& /*step*/) {
  turn.rest(index);
  turn.effects.emplace_back(PlanSend{index, turn.count(index)});
  turn.send_open = true;
  return std::nullopt;
}

Onward deliver(Turn& turn, graph::StepIndex index, const graph::Send& step,
               const DeliveryEnded& ended) {
  if (ended.result != DeliveryEnded::Result::kUnreachable || step.unreachable == step.next) {
    return step.next;
  }
  turn.note_way(index, graph::Edge::Way::kElse, "else");
  return step.unreachable;
}

}  // namespace sojourn::engine
