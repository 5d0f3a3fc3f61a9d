#include "engine/goals.h"

#include <algorithm>

#include "engine/aim.h"
#include "engine/history.h"

namespace sojourn::engine {
namespace {

std::uint64_t bit(std::uint32_t goal) {
  return std::uint64_t{1} << goal;
}

}  // namespace

Scope scope_beside_steps(const graph::Graph& graph, const Enrollment& enrollment,
                         const Facts& facts, const EventFact& event, base::Instant now) {
  return {.graph = graph,
          .profile = facts.profile,
          .zones = facts.zones,
          .entry_fields = enrollment.entry_fields,
          .entry_created_at = enrollment.entry_created_at,
          .entered_at = enrollment.entered_at,
          .locals = {},
          .now = now,
          .event = &event,
          .history = facts.history,
          .entry_event = enrollment.entry_event,
          .enrollment = enrollment.number,
          .reached = enrollment.reached,
          .memberships = facts.memberships};
}

bool meets(const Scope& scope, const graph::Goal& goal) {
  const EventFact* event = scope.event;
  return event != nullptr && event->name == goal.event &&
         is_after_entry(*event, scope.entry_created_at, scope.entry_event) &&
         event->created_at <= later(scope.entry_created_at, goal.within) &&
         holds(scope, goal.where);
}

std::vector<GoalMet> meet_goals(const graph::Graph& graph, Enrollment& enrollment,
                                const Facts& facts, const EventFact& event, base::Instant now) {
  std::vector<GoalMet> met;
  const Scope scope = scope_beside_steps(graph, enrollment, facts, event, now);
  for (std::uint32_t i = 0; i < graph.goals.size(); ++i) {
    const graph::Goal& goal = graph.goals[i];
    if ((enrollment.measure.goals_met & bit(i)) != 0 || !meets(scope, goal)) continue;
    enrollment.measure.goals_met |= bit(i);
    met.push_back({i, goal.value == graph::kNoExpr ? graph::Value() : evaluate(scope, goal.value)});
  }
  return met;
}

bool has_open_goals(const graph::Graph& graph, const Enrollment& enrollment, base::Instant now) {
  for (std::uint32_t i = 0; i < graph.goals.size(); ++i) {
    if ((enrollment.measure.goals_met & bit(i)) != 0) continue;
    const base::Instant end = later(enrollment.entry_created_at, graph.goals[i].within);
    if (now <= later(end, kGoalGrace)) return true;
  }
  return false;
}

}  // namespace sojourn::engine
