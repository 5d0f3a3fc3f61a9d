// `call`: asks a webhook once, and rests until its answer is there or the time is over.
#include <algorithm>
#include <utility>

#include "engine/advance.h"
#include "engine/aim.h"
#include "engine/evaluate.h"
#include "engine/freeze.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {
namespace {

Onward go_otherwise(Turn& turn, graph::StepIndex index, const graph::Call& step) {
  turn.note_way(index, graph::Edge::Way::kElse, "else");
  return step.otherwise;
}

}  // namespace

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Call& step) {
  // What an earlier round was told is not what this one is.
  if (step.bind) turn.set_local(*step.bind, graph::Value());
  // Nobody is asked about somebody who is held out.
  if (turn.enrollment.measure.held_out) return go_otherwise(turn, index, step);
  const base::Instant deadline = later(turn.now, step.up_to);
  if (deadline <= turn.now) return go_otherwise(turn, index, step);
  CallWebhook effect{index, turn.count(index), step.webhook, {}};
  if (step.fields != graph::kNoExpr) {
    const graph::Value fields = evaluate(turn.scope(), step.fields);
    if (fields.kind() == graph::Value::Kind::kObject) effect.fields = fields.as_object();
  }
  turn.effects.emplace_back(std::move(effect));
  turn.rest(index);
  turn.arm({.purpose = Timer::Purpose::kWait, .index = 0, .due = deadline, .intent = std::nullopt});
  return std::nullopt;
}

Onward answer(Turn& turn, graph::StepIndex index, const graph::Call& step,
              const CallAnswered& answered) {
  if (!answered.reply) return go_otherwise(turn, index, step);
  turn.note_way(index, graph::Edge::Way::kNext, "answered");
  if (step.bind) turn.set_local(*step.bind, graph::Value(graph::Object(*answered.reply)));
  return step.next;
}

Onward time_came(Turn& turn, graph::StepIndex index, const graph::Call& step,
                 const Timer& /*timer*/) {
  return go_otherwise(turn, index, step);
}

std::optional<base::Instant> call_open_until(const Enrollment& enrollment, graph::StepIndex step,
                                             std::uint32_t occurrence, const FrozenClock& clock) {
  if (enrollment.exit_reason || enrollment.at != step ||
      times_reached(enrollment, step) != occurrence) {
    return std::nullopt;
  }
  const auto wait = std::ranges::find(enrollment.timers, Timer::Purpose::kWait, &Timer::purpose);
  if (wait == enrollment.timers.end()) return std::nullopt;
  return later(wait->due, left_to_follow(enrollment, clock));
}

}  // namespace sojourn::engine
