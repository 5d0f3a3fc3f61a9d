#include "engine/standing.h"

#include <algorithm>
#include <compare>
#include <optional>
#include <variant>
#include <vector>

#include "engine/aim.h"
#include "engine/evaluate.h"
#include "engine/history.h"
#include "engine/membership.h"
#include "engine/operators.h"
#include "graph/operation.h"
#include "graph/time_dependence.h"

namespace sojourn::engine {
namespace {

// The first instant after `from` at which the two sides of a comparison stand otherwise
// than at `from`. One side goes with the time, so before it they stand as at `from`.
std::optional<base::Instant> next_crossing(const Scope& scope, const graph::Expression& comparison,
                                           base::Instant from) {
  Scope then = scope;
  const auto order = [&](base::Instant instant) {
    then.now = instant;
    return compare(evaluate(then, comparison.arguments[0]),
                   evaluate(then, comparison.arguments[1]));
  };
  const std::partial_ordering at_first = order(from);
  base::Instant before = from;
  base::Instant after = base::kNever;
  if (before >= after || order(after) == at_first) return std::nullopt;
  while (after.millis - before.millis > 1) {
    const base::Instant middle{before.millis + (after.millis - before.millis) / 2};
    (order(middle) == at_first ? before : after) = middle;
  }
  return after;
}

// The instants after `from` at which an event, or the end of an enrollment, leaves a
// window that `condition` looks through, or `now` passes what it is compared with.
// Between two of them its answer cannot change, as the language allows no other way
// for a standing condition to depend on the time.
std::vector<base::Instant> instants_of_change(const Scope& scope, graph::ExprId condition,
                                              base::Instant from) {
  std::vector<base::Instant> instants;
  std::vector<graph::ExprId> open{condition};
  while (!open.empty()) {
    const graph::Expression& node = scope.graph.expressions[open.back()];
    open.pop_back();
    open.insert(open.end(), node.arguments.begin(), node.arguments.end());
    if (graph::compares_now(scope.graph, node)) {
      // Less, then equal, then greater, or the other way round.
      const auto first = next_crossing(scope, node, from);
      if (first) instants.push_back(*first);
      const auto second = first ? next_crossing(scope, node, *first) : std::nullopt;
      if (second) instants.push_back(*second);
    }
    if (graph::asks_membership(node.op)) {
      const auto leaves = leaves_membership(scope, node);
      if (leaves && *leaves > from) instants.push_back(*leaves);
    }
    if (!graph::asks_history(node.op)) continue;
    for (const EventFact& event : scope.history) {
      if (event.name != node.name) continue;
      const auto leaves = leaves_window(node.window, event);
      if (leaves && *leaves > from) instants.push_back(*leaves);
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

  // When the condition is what it is not now.
  void look_at(graph::ExprId condition, bool wanted) {
    const auto found = next_answer(turn_.scope(), condition, wanted, found_.value_or(base::kNever));
    if (found) found_ = found;
  }

  void look_at(base::Instant instant) {
    if (!found_ || instant < *found_) found_ = instant;
  }

  std::optional<base::Instant> found() const { return found_; }

 private:
  const Turn& turn_;
  std::optional<base::Instant> found_;
};

// The `exit when … for D` rules, with their numbers.
template <typename Visit>
void each_held_rule(const Turn& turn, Visit visit) {
  for (std::uint32_t i = 0; i < turn.graph.exits.size(); ++i) {
    const auto* when = std::get_if<graph::ExitWhen>(&turn.graph.exits[i]);
    if (when != nullptr && when->held.count > 0) visit(i, *when);
  }
}

const HeldSince* find_held(const Turn& turn, std::uint32_t rule) {
  const auto& held = turn.enrollment.held;
  const auto found = std::ranges::find(held, rule, &HeldSince::rule);
  return found == held.end() ? nullptr : &*found;
}

// What the condition is at `instant`.
void hold(Turn& turn, std::uint32_t rule, const graph::ExitWhen& when, base::Instant instant) {
  const bool holds_then = holds(turn.scope_as_of(instant), when.condition);
  if (holds_then == (find_held(turn, rule) != nullptr)) return;
  if (holds_then) {
    turn.enrollment.held.push_back({rule, instant});
  } else {
    std::erase_if(turn.enrollment.held, [&](const HeldSince& h) { return h.rule == rule; });
  }
}

bool is_condition_timer(const Timer& timer) {
  return timer.purpose == Timer::Purpose::kCondition;
}

}  // namespace

std::optional<base::Instant> next_answer(const Scope& scope, graph::ExprId condition, bool wanted,
                                         base::Instant until) {
  std::size_t looked_at = 0;
  Scope then = scope;
  for (const base::Instant instant : instants_of_change(scope, condition, scope.now)) {
    if (instant >= until) break;
    then.now = instant;
    const bool enough = ++looked_at == kMaxInstantsLookedAt;
    if (enough || holds(then, condition) == wanted) return instant;
  }
  return std::nullopt;
}

void follow_time(Turn& turn) {
  const auto timer = std::ranges::find_if(turn.enrollment.timers, is_condition_timer);
  if (timer == turn.enrollment.timers.end() || timer->due > turn.now) return;
  const base::Instant before{timer->due.millis - 1};
  each_held_rule(turn, [&](std::uint32_t rule, const graph::ExitWhen& when) {
    for (const base::Instant instant : instants_of_change(turn.scope(), when.condition, before)) {
      const HeldSince* held = find_held(turn, rule);
      const bool is_over = held != nullptr && later(held->since, when.held) < instant;
      if (is_over || instant > turn.now) return;
      hold(turn, rule, when, instant);
    }
  });
}

void arm_conditions(Turn& turn) {
  std::erase_if(turn.enrollment.timers, is_condition_timer);
  if (turn.ended()) return;
  Soonest soonest(turn);
  for (const auto& rule : turn.graph.exits) {
    const auto* when = std::get_if<graph::ExitWhen>(&rule);
    if (when != nullptr && when->held.count == 0) soonest.look_at(when->condition, true);
  }
  each_held_rule(turn, [&](std::uint32_t rule, const graph::ExitWhen& when) {
    hold(turn, rule, when, turn.now);
    const HeldSince* held = find_held(turn, rule);
    if (held != nullptr) soonest.look_at(later(held->since, when.held));
    soonest.look_at(when.condition, held == nullptr);
  });
  if (!turn.enrollment.queued && turn.enrollment.at < turn.graph.steps.size()) {
    const auto* wait = std::get_if<graph::WaitFor>(&turn.graph.steps[turn.enrollment.at].action);
    for (std::size_t i = 0; wait != nullptr && i < wait->arms.size(); ++i) {
      const auto* arm = std::get_if<graph::ConditionArm>(&wait->arms[i]);
      if (arm != nullptr) soonest.look_at(arm->condition, true);
    }
  }
  if (!soonest.found()) return;
  turn.arm({.purpose = Timer::Purpose::kCondition,
            .index = 0,
            .due = *soonest.found(),
            .intent = std::nullopt});
}

}  // namespace sojourn::engine
