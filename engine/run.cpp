#include "engine/run.h"

#include <algorithm>
#include <variant>

#include "engine/advance.h"
#include "engine/exits.h"
#include "engine/reentry.h"

namespace sojourn::engine {
namespace {

// A schedule that one of its rungs comes back to was never left; nor was a repeat.
bool comes_back(const Enrollment& enrollment, graph::StepIndex step) {
  return std::ranges::find(enrollment.schedules, step, &ScheduleState::step) !=
             enrollment.schedules.end() ||
         std::ranges::find(enrollment.loops, step, &LoopState::step) != enrollment.loops.end();
}

void reach(Turn& turn, graph::StepIndex step) {
  if (comes_back(turn.enrollment, step)) return;
  turn.note(Note::Kind::kReached, step);
  if (!turn.graph.steps[step].looked_back_to) return;
  // What is asked since then begins anew.
  turn.conditions_changed = true;
  auto& reached = turn.enrollment.reached;
  const auto known = std::ranges::find(reached, step, &StepReached::step);
  if (known != reached.end()) {
    known->at = turn.now;
  } else {
    reached.push_back({step, turn.now});
  }
}

}  // namespace

void run(Turn& turn, Onward onward) {
  const bool moves = onward.has_value();
  for (int steps = 0; onward; ++steps) {
    turn.send_open = false;
    const graph::StepIndex step = *onward;
    if (step == graph::kCompleted) return turn.end(kCompleted);
    if (steps == kMaxStepsPerTurn) return turn.end("error");
    reach(turn, step);
    onward = std::visit([&](const auto& action) { return arrive(turn, step, action); },
                        turn.graph.steps[step].action);
    if (turn.ended()) return;
    if (turn.conditions_changed) {
      turn.conditions_changed = false;
      if (exit_if_due(turn)) return;
    }
  }
  if (moves) tell_of_rest(turn, Decision::Kind::kWaits);
}

}  // namespace sojourn::engine
