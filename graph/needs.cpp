// What must be at hand at a resting place R, as one walk forward from it:
//
//   - what every input reads: the exit rules and the zone of the journey's times;
//   - what R itself reads, whatever the input;
//   - then every step that one turn can pass. A resting place ends the walk where
//     the person must rest there, but what it looks at on arrival is read first,
//     and where it can be over at once (an event that already came, a date gone
//     by) the walk goes on through it.
//
// Inside a rung, the schedule's date is read too: a message of a `before` rung is
// not delivered after it.
#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "graph/built_in.h"
#include "graph/graph.h"
#include "graph/reads.h"
#include "graph/walk.h"

namespace sojourn::graph {
namespace {

// For each step, the schedules inside whose rungs it stands.
std::vector<std::vector<StepIndex>> enclosing_schedules(const Graph& graph) {
  std::vector<std::vector<StepIndex>> enclosing(graph.steps.size());
  for (StepIndex at = 0; at < graph.steps.size(); ++at) {
    const auto* schedule = std::get_if<Schedule>(&graph.steps[at].action);
    if (schedule == nullptr) continue;
    std::vector<bool> seen(graph.steps.size(), false);
    seen[at] = true;
    std::vector<StepIndex> open;
    const auto visit = [&](StepIndex step) {
      if (step == kCompleted || seen[step]) return;
      seen[step] = true;
      enclosing[step].push_back(at);
      open.push_back(step);
    };
    for (const Rung& rung : schedule->rungs) visit(rung.body);
    while (!open.empty()) {
      const StepIndex step = open.back();
      open.pop_back();
      for (const Edge& edge : edges_of(graph.steps[step])) visit(edge.to);
    }
  }
  return enclosing;
}

class NeedsOfPlace {
 public:
  NeedsOfPlace(const Graph& graph, const std::vector<std::vector<StepIndex>>& enclosing,
               StepIndex place)
      : graph_(graph), reads_(graph), seen_(graph.steps.size(), false) {
    read_journey();
    for (const StepIndex schedule : enclosing[place]) read_step(graph.steps[schedule]);
    const Step& step = graph.steps[place];
    read_step(step);
    read_history(step, /*on_arrival=*/false);
    for (const Edge& edge : edges_of(step)) reach(edge.to);
    while (!open_.empty()) {
      const StepIndex next = open_.back();
      open_.pop_back();
      pass(graph.steps[next]);
    }
  }

  Needs take() {
    return Needs{reads_.fields(), {history_.begin(), history_.end()}, reads_.events()};
  }

 private:
  void read_journey() {
    for (const ExprId link : graph_.zone_chain) reads_.read(link);
    for (const ExprId link : graph_.person_zone_chain) reads_.read(link);
    for (const Goal& goal : graph_.goals) {
      reads_.read(goal.where);
      reads_.read(goal.value);
    }
    for (const auto& rule : graph_.exits) {
      const auto* on_event = std::get_if<ExitOnEvent>(&rule);
      reads_.read(on_event != nullptr ? on_event->where : std::get<ExitWhen>(rule).condition);
    }
    // Wherever the person is, a collection goes on.
    for (const Step& step : graph_.steps) {
      if (const auto* collect = std::get_if<Collect>(&step.action)) reads_.read(collect->where);
    }
  }

  void read_step(const Step& step) {
    for (const ExprId root : expressions_of(step)) reads_.read(root);
  }

  void read_history(const Step& step, bool on_arrival) {
    const auto* wait = std::get_if<WaitFor>(&step.action);
    if (wait == nullptr) return;
    for (const auto& arm : wait->arms) {
      const auto* event = std::get_if<EventArm>(&arm);
      // Nothing lies between `here` and an arrival.
      if (event == nullptr || (on_arrival && event->since == Since::kHere)) continue;
      history_.insert({event->event, event->since});
    }
  }

  // A send reads its data when the message leaves, which is after the arrival.
  void pass(const Step& step) {
    if (std::holds_alternative<Send>(step.action)) return;
    read_step(step);
    read_history(step, /*on_arrival=*/true);
    for (const Edge& edge : edges_of(step)) {
      if (passable_on_arrival(step, edge)) reach(edge.to);
    }
  }

  void reach(StepIndex step) {
    if (step == kCompleted || seen_[step]) return;
    seen_[step] = true;
    open_.push_back(step);
  }

  const Graph& graph_;
  ReadCollector reads_;
  std::set<Needs::History> history_;
  std::vector<bool> seen_;
  std::vector<StepIndex> open_;
};

// The identities of the steps that some `since` names.
std::set<std::string_view> steps_looked_back_to(const Graph& graph) {
  std::set<std::string_view> out;
  for (const Step& step : graph.steps) {
    const auto* wait = std::get_if<WaitFor>(&step.action);
    if (wait == nullptr) continue;
    for (const auto& arm : wait->arms) {
      const auto* event = std::get_if<EventArm>(&arm);
      if (event != nullptr && event->since == Since::kStep) out.insert(event->since_step);
    }
  }
  for (const Expression& expression : graph.expressions) {
    if (expression.window.kind == Window::Kind::kSinceStep) {
      out.insert(expression.window.since_step);
    }
  }
  return out;
}

}  // namespace

void compute_needs(Graph& graph) {
  for (Expression& expression : graph.expressions) {
    if (expression.op != Op::kMatches || expression.compiled.pattern) continue;
    if (auto pattern = Pattern::compile(expression.constant.as_string())) {
      expression.compiled.pattern = std::move(*pattern);
    }
  }
  const auto enclosing = enclosing_schedules(graph);
  const auto looked_back_to = steps_looked_back_to(graph);
  for (StepIndex at = 0; at < graph.steps.size(); ++at) {
    graph.steps[at].looked_back_to = looked_back_to.contains(graph.steps[at].identity);
    graph.steps[at].needs =
        is_resting_place(graph.steps[at]) ? NeedsOfPlace(graph, enclosing, at).take() : Needs{};
  }
}

}  // namespace sojourn::graph
