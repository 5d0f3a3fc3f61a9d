#include "engine/exits.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "engine/aim.h"
#include "engine/goals.h"
#include "engine/reasons.h"

namespace sojourn::engine {
namespace {

// Returns whether the rule holds; an event rule only for the event at hand.
struct RuleHolds {
  const Scope& scope;
  std::uint32_t number;
  bool operator()(const graph::ExitOnEvent& rule) const {
    return scope.event != nullptr && scope.event->name == rule.event && holds(scope, rule.where);
  }
  bool operator()(const graph::ExitWhen& rule) const {
    if (rule.held.count == 0) return holds(scope, rule.condition);
    return std::ranges::any_of(scope.held, [&](const HeldSince& held) {
      return held.rule == number && later(held.since, rule.held) <= scope.now;
    });
  }
};

}  // namespace

std::optional<std::uint32_t> exit_rule(const Scope& scope) {
  for (std::uint32_t i = 0; i < scope.graph.exits.size(); ++i) {
    if (std::visit(RuleHolds{scope, i}, scope.graph.exits[i])) return i;
  }
  return std::nullopt;
}

bool exit_if_due(Turn& turn, const EventFact* event) {
  const graph::Graph& graph = turn.graph;
  if (graph.exits.empty() && graph.goals.empty()) return false;
  const Scope scope = turn.scope(event);
  if (const auto rule = exit_rule(scope)) {
    if (turn.explains()) turn.why = reason_of_exit(scope, *rule);
    turn.end(
        std::visit([](const auto& r) -> std::string_view { return r.reason; }, graph.exits[*rule]),
        *rule);
    return true;
  }
  const auto goal = std::ranges::find_if(
      graph.goals, [&](const graph::Goal& each) { return each.and_exit && meets(scope, each); });
  if (goal == graph.goals.end()) return false;
  if (turn.explains()) turn.why = reason_of_goal(scope, *goal);
  turn.end(goal->name, Note::kByGoal);
  return true;
}

}  // namespace sojourn::engine
