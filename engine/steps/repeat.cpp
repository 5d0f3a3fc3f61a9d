// `repeat`: counts its rounds, and looks at its condition before each.
#include <algorithm>
#include <string>

#include "engine/evaluate.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Repeat& step) {
  auto& loops = turn.enrollment.loops;
  auto loop = std::ranges::find(loops, index, &LoopState::step);
  if (loop == loops.end()) loop = loops.insert(loop, {.step = index, .rounds = 0});
  turn.because(turn.scope(), step.until);
  const bool done = step.until != graph::kNoExpr && holds(turn.scope(), step.until);
  if (done || loop->rounds >= step.times) {
    turn.note_way(index, graph::Edge::Way::kNext, done ? "until" : "times");
    loops.erase(loop);
    return step.next;
  }
  ++loop->rounds;
  turn.note_way(index, graph::Edge::Way::kRound, std::to_string(loop->rounds));
  return step.body;
}

}  // namespace sojourn::engine
