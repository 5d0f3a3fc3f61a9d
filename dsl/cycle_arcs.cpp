#include "dsl/cycle_arcs.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "dsl/exit_reasons.h"
#include "graph/awaits.h"
#include "graph/causes.h"
#include "graph/reserved.h"

namespace sojourn::dsl {
namespace {

using base::Millis;
using graph::Graph;
using When = Arc::When;

// By event: the journeys that it lets begin, and how much later.
struct Begun {
  JourneyIndex journey = 0;
  Millis after;
};
using Beginnings = std::map<std::string, std::vector<Begun>, std::less<>>;

class ArcFinder {
 public:
  ArcFinder(const graph::Catalog& catalog, const std::vector<CompiledJourney>& journeys)
      : catalog_(catalog), journeys_(journeys) {}

  std::vector<Arc> find() {
    for (JourneyIndex j = 0; j < journeys_.size(); ++j) {
      for (const graph::Awaited& awaited : graph::events_awaited(journeys_[j].graph)) {
        begun_by_[awaited.event].push_back({j, awaited.after});
      }
    }
    for (JourneyIndex j = 0; j < journeys_.size(); ++j) {
      for (graph::StepIndex step = 0; step < journeys_[j].graph.steps.size(); ++step) {
        caused_by(j, step);
      }
    }
    // An exit asks what any step of any journey causes, so it comes when that is known.
    for (JourneyIndex j = 0; j < journeys_.size(); ++j) {
      begins(j);
      ends(j);
    }
    std::ranges::stable_sort(arcs_, {}, &Arc::place);
    return std::move(arcs_);
  }

 private:
  void happens(const std::string& event, Arc arc) {
    const auto begun = begun_by_.find(event);
    if (begun == begun_by_.end()) return;
    const Millis later = arc.later;
    for (const Begun& each : begun->second) {
      arc.to = each.journey;
      arc.later.count = later.count + each.after.count;
      arcs_.push_back(arc);
    }
  }

  void caused_by(JourneyIndex journey, graph::StepIndex index) {
    const Graph& graph = journeys_[journey].graph;
    const graph::Step& step = graph.steps[index];
    Arc arc;
    arc.from = journey;
    arc.when = When::kStep;
    arc.step = index;
    arc.place = journeys_[journey].step_spans[index];
    if (const auto* send = std::get_if<graph::Send>(&step.action)) {
      arc.by = Arc::By::kMessage;
      const graph::Campaign* campaign = catalog_.find_campaign(send->campaign);
      arc.once = campaign != nullptr && campaign->once;
    }
    for (std::string& event : graph::events_caused_by(graph, step, catalog_)) {
      const graph::EventType* type = catalog_.find_event(event);
      arc.to_many = type != nullptr && type->fan_out;
      happens(event, arc);
      caused_.insert(std::move(event));
    }
  }

  void begins(JourneyIndex journey) {
    Arc arc;
    arc.from = journey;
    arc.by = Arc::By::kEntering;
    arc.place = journeys_[journey].name;
    happens(graph::joined_journey_event(journeys_[journey].graph.journey), arc);
  }

  void ends(JourneyIndex journey) {
    const CompiledJourney& compiled = journeys_[journey];
    const Graph& graph = compiled.graph;
    Arc arc;
    arc.from = journey;
    arc.by = Arc::By::kLeaving;
    arc.place = compiled.name;
    if (graph.while_enrolled.kind == graph::WhileEnrolled::Kind::kRestart)
      leaves(kRestartedReason, arc);
    for (const graph::Goal& goal : graph.goals) {
      if (goal.and_exit && comes_by_itself(graph, goal.event, goal.where)) leaves(goal.name, arc);
    }
    for (std::size_t i = 0; i < graph.exits.size(); ++i) {
      Arc exit = arc;
      exit.place = compiled.exit_spans[i];
      ends_by(graph.exits[i], exit);
    }
    for (graph::StepIndex step = 0; step < graph.steps.size(); ++step) {
      const auto* exit = std::get_if<graph::Exit>(&graph.steps[step].action);
      if (exit == nullptr) continue;
      Arc here = arc;
      here.when = When::kStep;
      here.step = step;
      here.place = compiled.step_spans[step];
      leaves(exit->reason, here);
    }
    arc.when = When::kCompletion;
    leaves(kCompletedReason, arc);
  }

  // A condition may hold on entry already.
  void ends_by(const std::variant<graph::ExitOnEvent, graph::ExitWhen>& rule, Arc arc) {
    if (const auto* when = std::get_if<graph::ExitWhen>(&rule)) {
      arc.later = when->held;
      return leaves(when->reason, arc);
    }
    const auto& on = std::get<graph::ExitOnEvent>(rule);
    if (comes_by_itself(journeys_[arc.from].graph, on.event, on.where)) leaves(on.reason, arc);
  }

  // An enrollment that only what comes from outside can end lets nobody go round faster
  // than that comes.
  bool comes_by_itself(const Graph& graph, const std::string& event, graph::ExprId where) const {
    const auto meant = graph::events_meant(graph, event, where);
    return std::ranges::any_of(meant, [&](const auto& each) { return caused_.contains(each); });
  }

  void leaves(std::string_view reason, const Arc& arc) {
    const std::string& journey = journeys_[arc.from].graph.journey;
    happens(graph::left_journey_event(journey), arc);
    happens(graph::left_journey_event(journey, reason), arc);
  }

  const graph::Catalog& catalog_;
  const std::vector<CompiledJourney>& journeys_;
  Beginnings begun_by_;
  std::set<std::string, std::less<>> caused_;  // by any step
  std::vector<Arc> arcs_;
};

}  // namespace

std::vector<Arc> find_arcs(const graph::Catalog& catalog,
                           const std::vector<CompiledJourney>& journeys) {
  return ArcFinder(catalog, journeys).find();
}

}  // namespace sojourn::dsl
