#include "engine/standing.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "engine/aim.h"
#include "engine/change_finder.h"
#include "engine/drift.h"
#include "engine/evaluate.h"

namespace sojourn::engine {
namespace {

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
    // By a clock that stood meanwhile it came later, at the latest now.
    const base::Instant since = std::min(later(instant, turn.clock_followed), turn.now);
    turn.enrollment.held.push_back({rule, since});
  } else {
    std::erase_if(turn.enrollment.held, [&](const HeldSince& h) { return h.rule == rule; });
  }
}

bool is_condition_timer(const Timer& timer) {
  return timer.purpose == Timer::Purpose::kCondition;
}

// When a condition that time takes one way only becomes what it is not.
std::optional<base::Instant> turns_at(const Scope& scope, graph::ExprId condition, Drift drift,
                                      bool wanted, base::Instant until) {
  if (drift != (wanted ? Drift::kRises : Drift::kFalls)) return std::nullopt;
  const Changes changes = find_changes(scope, condition, scope.now);
  Scope then = scope;
  const auto found = std::ranges::partition_point(changes.instants, [&](base::Instant instant) {
    then.now = instant;
    return holds(then, condition) != wanted;
  });
  if (found == changes.instants.end() || *found >= until) return std::nullopt;
  return *found;
}

}  // namespace

std::optional<base::Instant> next_answer(const Scope& scope, graph::ExprId condition, bool wanted,
                                         base::Instant until) {
  const Drift drift = drift_of(scope.graph, condition);
  if (drift != Drift::kUnknown && holds(scope, condition) != wanted) {
    return turns_at(scope, condition, drift, wanted, until);
  }
  std::size_t looked_at = 0;
  Scope then = scope;
  const Changes changes = find_changes(scope, condition, scope.now);
  for (const base::Instant instant : changes.instants) {
    if (instant >= until) return std::nullopt;
    then.now = instant;
    const bool enough = ++looked_at == kMaxInstantsLookedAt || instant == changes.until;
    if (enough || holds(then, condition) == wanted) return instant;
  }
  return std::nullopt;
}

namespace {

// What time has made of the condition of a held rule after `from`, up to now. Returns from
// where to go on; nothing: it is all.
std::optional<base::Instant> follow_rule(Turn& turn, std::uint32_t rule,
                                         const graph::ExitWhen& when, base::Instant from) {
  const Scope scope = turn.scope();
  const Changes changes = find_changes(scope, when.condition, from);
  for (const base::Instant instant : changes.instants) {
    const HeldSince* held = find_held(turn, rule);
    const bool is_over = held != nullptr && later(held->since, when.held) < instant;
    if (is_over || instant > turn.now) return std::nullopt;
    hold(turn, rule, when, instant);
  }
  return changes.until > from ? changes.until : std::nullopt;
}

}  // namespace

void follow_time(Turn& turn) {
  const auto timer = std::ranges::find_if(turn.enrollment.timers, is_condition_timer);
  if (timer == turn.enrollment.timers.end() || timer->due > turn.now) return;
  const base::Instant before{timer->due.millis - 1};
  each_held_rule(turn, [&](std::uint32_t rule, const graph::ExitWhen& when) {
    std::optional<base::Instant> from = before;
    while (from) from = follow_rule(turn, rule, when, *from);
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
