// The two questions that everything which walks a graph asks of a step: where
// can it go, and what does it read. Said here once, for all kinds of step.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "graph/step.h"

namespace sojourn::graph {

// A way out of a step. `to` may be kCompleted.
struct Edge {
  enum class Way : std::uint8_t {
    kNext,
    kElse,     // a send's `else`, a branch's, a call's
    kPast,     // of a wait_until
    kMissing,  // of a wait_until or a schedule
    kTimeout,  // of a wait_for
    kArm,      // arm `index` of a wait_for, branch or split
    kRung,     // rung `index` of a schedule
    kRound,    // the body of a repeat
  };
  Way way = Way::kNext;
  std::uint32_t index = 0;
  StepIndex to = kCompleted;
};

// In the order written; one for every `next`-like field, whether or not two of
// them go to the same step.
std::vector<Edge> edges_of(const Step& step);
// Can `edge` of `step` be taken in the very turn that arrives at the step? Always,
// unless the step is a resting place where that way needs a later input.
bool passable_on_arrival(const Step& step, const Edge& edge);
// The expressions that the step names itself, without their arguments or kNoExpr.
std::vector<ExprId> expressions_of(const Step& step);
// Does it change at once what later steps and exit rules read of the person: the profile,
// lists, subscriptions?
bool changes_person(const Step& step);
// "send", "wait", "wait_until", …, as in the language.
std::string_view kind_of(const Step& step);

}  // namespace sojourn::graph
