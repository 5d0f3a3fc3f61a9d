#include "engine/measures.h"

#include <algorithm>

#include "engine/aim.h"
#include "engine/evaluate.h"
#include "engine/goals.h"
#include "graph/engagement.h"
#include "graph/history.h"

namespace sojourn::engine {
namespace {

using Kind = graph::SplitMeasure::Kind;

const graph::Split& split_at(const graph::Graph& graph, graph::StepIndex step) {
  return std::get<graph::Split>(graph.steps.at(step).action);
}

// The message that the event is about is one that the enrollment has sent since then.
bool is_about_message_since(const Scope& scope, const EventFact& event, base::Instant since) {
  const graph::Value& message = graph::find_field(event.fields, graph::kMessageField);
  if (message.is_missing()) return false;
  const std::string& sent = graph::event_of(graph::Engagement::kSent).name;
  const graph::Value enrollment(std::int64_t{scope.enrollment});
  return std::ranges::any_of(scope.history, [&](const EventFact& kept) {
    return kept.name == sent && kept.created_at >= since &&
           graph::find_field(kept.fields, graph::kMessageField) == message &&
           graph::find_field(kept.fields, graph::kEnrollmentField) == enrollment;
  });
}

bool meets(const Scope& scope, const graph::SplitMeasure& measure, base::Instant since) {
  const EventFact& event = *scope.event;
  if (event.name != graph::event_of(scope.graph, measure)) return false;
  if (event.created_at < since || event.created_at > later(since, measure.within)) return false;
  // Their time is over, and so they are counted as they are, inside or not (experiment.h).
  if (scope.now > later(since, measure.within)) return false;
  if (measure.kind != Kind::kGoal) return is_about_message_since(scope, event, since);
  return holds(scope, scope.graph.goals[measure.goal].where);
}

std::uint32_t arm_taken(const Enrollment& enrollment, graph::StepIndex split) {
  const auto& arms = enrollment.measure.arms;
  const auto taken = std::ranges::find(arms, split, &ArmTaken::split);
  return taken == arms.end() ? 0 : taken->arm;
}

}  // namespace

std::vector<MeasureMet> meet_measures(const graph::Graph& graph, Enrollment& enrollment,
                                      const Facts& facts, const EventFact& event,
                                      base::Instant now) {
  std::vector<MeasureMet> met;
  if (enrollment.measure.open.empty()) return met;
  const Scope scope = scope_beside_steps(graph, enrollment, facts, event, now);
  std::erase_if(enrollment.measure.open, [&](const OpenMeasure& open) {
    const auto& measure = split_at(graph, open.split).measure;
    if (!measure || !meets(scope, *measure, open.since)) return false;
    met.push_back({open.split, arm_taken(enrollment, open.split), open.since});
    return true;
  });
  return met;
}

void drop_measure(Enrollment& enrollment, graph::StepIndex split) {
  std::erase_if(enrollment.measure.open,
                [&](const OpenMeasure& open) { return open.split == split; });
}

bool has_open_measures(const graph::Graph& graph, const Enrollment& enrollment, base::Instant now) {
  return std::ranges::any_of(enrollment.measure.open, [&](const OpenMeasure& open) {
    const auto& measure = split_at(graph, open.split).measure;
    return measure && now <= later(open.since, measure->within);
  });
}

bool has_measures(const graph::Graph& graph) {
  return std::ranges::any_of(graph.steps, [](const graph::Step& step) {
    const auto* split = std::get_if<graph::Split>(&step.action);
    return split != nullptr && split->measure;
  });
}

}  // namespace sojourn::engine
