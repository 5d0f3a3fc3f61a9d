#include "engine/standing.h"

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

#include "engine/evaluate.h"
#include "engine/history.h"
#include "graph/operation.h"

namespace sojourn::engine {
namespace {

// The instants from now on at which an event leaves a window that `condition` looks
// through. Between two of them its answer cannot change, as the language allows no
// other way for a standing condition to depend on the time.
std::vector<base::Instant> instants_of_change(const Turn& turn, graph::ExprId condition) {
  std::vector<base::Instant> instants;
  std::vector<graph::ExprId> open{condition};
  while (!open.empty()) {
    const graph::Expression& node = turn.graph.expressions[open.back()];
    open.pop_back();
    open.insert(open.end(), node.arguments.begin(), node.arguments.end());
    if (!graph::asks_history(node.op)) continue;
    for (const EventFact& event : turn.facts.history) {
      if (event.name != node.name) continue;
      const auto leaves = leaves_window(node.window, event);
      if (leaves && *leaves > turn.now) instants.push_back(*leaves);
    }
  }
  std::ranges::sort(instants);
  const auto repeated = std::ranges::unique(instants);
  instants.erase(repeated.begin(), repeated.end());
  return instants;
}

class Soonest {
 public:
  explicit Soonest(const Turn& turn) : turn_(turn) {}

  void look_at(graph::ExprId condition) {
    std::size_t looked_at = 0;
    for (const base::Instant instant : instants_of_change(turn_, condition)) {
      if (found_ && *found_ <= instant) return;
      const bool enough = ++looked_at == kMaxInstantsLookedAt;
      if (!enough && !holds(turn_.scope_as_of(instant), condition)) continue;
      found_ = instant;
      return;
    }
  }

  std::optional<base::Instant> found() const { return found_; }

 private:
  const Turn& turn_;
  std::optional<base::Instant> found_;
};

}  // namespace

void arm_conditions(Turn& turn) {
  std::erase_if(turn.enrollment.timers,
                [](const Timer& timer) { return timer.purpose == Timer::Purpose::kCondition; });
  if (turn.ended() || turn.facts.history.empty()) return;
  Soonest soonest(turn);
  for (const auto& rule : turn.graph.exits) {
    const auto* when = std::get_if<graph::ExitWhen>(&rule);
    if (when != nullptr) soonest.look_at(when->condition);
  }
  if (!turn.enrollment.queued && turn.enrollment.at < turn.graph.steps.size()) {
    const auto* wait = std::get_if<graph::WaitFor>(&turn.graph.steps[turn.enrollment.at].action);
    for (std::size_t i = 0; wait != nullptr && i < wait->arms.size(); ++i) {
      const auto* arm = std::get_if<graph::ConditionArm>(&wait->arms[i]);
      if (arm != nullptr) soonest.look_at(arm->condition);
    }
  }
  if (!soonest.found()) return;
  turn.arm({.purpose = Timer::Purpose::kCondition,
            .index = 0,
            .due = *soonest.found(),
            .intent = std::nullopt});
}

}  // namespace sojourn::engine
