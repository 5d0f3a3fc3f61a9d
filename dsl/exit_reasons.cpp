#include "dsl/exit_reasons.h"

#include <algorithm>
#include <variant>

namespace sojourn::dsl {
std::vector<std::string_view> exit_reasons(const graph::Graph& graph) {
  std::vector<std::string_view> reasons{kCompletedReason};
  for (const auto& rule : graph.exits) {
    reasons.push_back(std::visit([](const auto& r) -> std::string_view { return r.reason; }, rule));
  }
  for (const graph::Goal& goal : graph.goals) {
    if (goal.and_exit) reasons.emplace_back(goal.name);
  }
  for (const graph::Step& step : graph.steps) {
    if (const auto* exit = std::get_if<graph::Exit>(&step.action)) reasons.push_back(exit->reason);
  }
  if (graph.while_enrolled.kind == graph::WhileEnrolled::Kind::kRestart) {
    reasons.push_back(kRestartedReason);
  }
  return reasons;
}

void check_exit_references(const std::vector<CompiledJourney>& journeys,
                           const std::set<std::string>& faulty, Report& report) {
  for (const CompiledJourney& asking : journeys) {
    for (const ExitReference& reference : asking.exit_references) {
      const auto left = std::ranges::find(journeys, reference.journey,
                                          [](const auto& j) { return j.graph.journey; });
      if (left == journeys.end() || faulty.contains(reference.journey)) continue;
      const std::vector<std::string_view> reasons = exit_reasons(left->graph);
      if (std::ranges::find(reasons, reference.reason) != reasons.end()) continue;
      report.add(diagnose(messages::kUnknownExitReason, reference.span, reference.journey,
                          reference.reason)
                     .label(suggestion(reference.reason, reasons)));
    }
  }
}

}  // namespace sojourn::dsl
