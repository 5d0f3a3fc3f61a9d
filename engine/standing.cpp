#include "engine/standing.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "engine/aim.h"
#include "engine/clock_changes.h"
#include "engine/evaluate.h"
#include "engine/history.h"
#include "engine/membership.h"
#include "engine/operators.h"
#include "engine/zones.h"
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

struct Changes {
  std::vector<base::Instant> instants;
  // More may follow after it, which was not looked at.
  std::optional<base::Instant> until;
};

// The instants after `from` at which an event, or the end of an enrollment, leaves a
// window that a condition looks through, `now` passes what it is compared with, or the
// clock of the journey comes to a day or a time that it looks at. Between two of them its
// answer cannot change, as the language allows no other way for a standing condition to
// depend on the time.
class ChangeFinder {
 public:
  ChangeFinder(const Scope& scope, base::Instant from) : scope_(scope), from_(from) {}

  Changes find(graph::ExprId condition) {
    open_.push_back(condition);
    while (!open_.empty()) {
      const graph::Expression& node = scope_.graph.expressions[open_.back()];
      open_.pop_back();
      if (!reads_now_here(node)) look_at_question(node);
    }
    if (reads_clock_) look_at_clock();
    std::ranges::sort(instants_);
    const auto repeated = std::ranges::unique(instants_);
    instants_.erase(repeated.begin(), repeated.end());
    return {std::move(instants_), until_};
  }

 private:
  // Whether the node is one of the ways in which a standing condition may read `now`.
  bool reads_now_here(const graph::Expression& node) {
    if (const auto other = graph::compared_with_time_of_now(scope_.graph, node)) {
      reads_clock_ = true;
      add_minutes(*other);
      open_.push_back(*other);
      return true;
    }
    if (graph::compares_now(scope_.graph, node)) {
      add_crossings(node);
      std::ranges::copy_if(node.arguments, std::back_inserter(open_), [&](graph::ExprId side) {
        return !graph::reads_now(scope_.graph, side);
      });
      return true;
    }
    const bool tells_day = graph::tells_day_of_now(scope_.graph, node);
    reads_clock_ = reads_clock_ || tells_day;
    return tells_day;
  }

  // The readings at which a comparison with `time(now)` turns out otherwise: a minute
  // begins, and it ends.
  void add_minutes(graph::ExprId compared) {
    const graph::Value value = evaluate(scope_, compared);
    if (value.kind() != graph::Value::Kind::kTimeOfDay) return;
    minutes_.push_back(value.as_time_of_day().minutes);
    minutes_.push_back(value.as_time_of_day().minutes + 1);
  }

  // Less, then equal, then greater, or the other way round.
  void add_crossings(const graph::Expression& comparison) {
    const auto first = next_crossing(scope_, comparison, from_);
    if (first) instants_.push_back(*first);
    const auto second = first ? next_crossing(scope_, comparison, *first) : std::nullopt;
    if (second) instants_.push_back(*second);
  }

  void look_at_question(const graph::Expression& node) {
    open_.insert(open_.end(), node.arguments.begin(), node.arguments.end());
    if (graph::asks_membership(node.op)) add(leaves_membership(scope_, node));
    if (!graph::asks_history(node.op)) return;
    for (const EventFact& event : scope_.history) {
      if (event.name == node.name) add(leaves_window(node.window, event));
    }
  }

  void look_at_clock() {
    const ClockChanges clock = clock_changes(journey_zone(scope_), from_, minutes_);
    instants_.insert(instants_.end(), clock.instants.begin(), clock.instants.end());
    std::erase_if(instants_, [&](base::Instant instant) { return instant > clock.until; });
    until_ = clock.until;
  }

  void add(std::optional<base::Instant> leaves) {
    if (leaves && *leaves > from_) instants_.push_back(*leaves);
  }

  const Scope& scope_;
  const base::Instant from_;
  std::vector<graph::ExprId> open_;
  std::vector<base::Instant> instants_;
  bool reads_clock_ = false;
  std::vector<std::int32_t> minutes_;
  std::optional<base::Instant> until_;
};

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
  const Changes changes = ChangeFinder(scope, scope.now).find(condition);
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
  const Changes changes = ChangeFinder(scope, from).find(when.condition);
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
