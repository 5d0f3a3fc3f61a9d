#include "testing/coverage.h"

#include <algorithm>
#include <fmt/core.h>
#include <variant>

#include "graph/wording.h"

namespace sojourn::testing {
namespace {

using Way = graph::Edge::Way;
using Kind = Coverage::Kind;

bool is_wait(const graph::Step& step) {
  return std::holds_alternative<graph::Wait>(step.action) ||
         std::holds_alternative<graph::WaitUntil>(step.action) ||
         std::holds_alternative<graph::WaitUntilTime>(step.action) ||
         std::holds_alternative<graph::Collect>(step.action);
}

// Its plain way on is one of several that the person may go.
bool is_branch(const graph::Step& step) {
  return std::holds_alternative<graph::Repeat>(step.action) ||
         std::holds_alternative<graph::Call>(step.action);
}

// The edges that count; nothing for the plain way on.
std::vector<Coverage::Item> edges_that_count(const dsl::CompiledJourney& compiled,
                                             graph::StepIndex index) {
  const graph::Step& step = compiled.graph.steps[index];
  const bool never_else = std::ranges::binary_search(compiled.exhaustive, index);
  std::vector<Coverage::Item> items;
  for (const graph::Edge& edge : graph::drawn_edges(step)) {
    Kind kind = Kind::kBranch;
    if (edge.way == Way::kTimeout || edge.way == Way::kRung) kind = Kind::kTimer;
    if (edge.way == Way::kNext && !is_branch(step)) {
      if (!is_wait(step)) continue;
      kind = Kind::kTimer;
    }
    if (edge.way == Way::kElse && never_else) continue;
    items.push_back({kind, index, edge, false});
  }
  return items;
}

std::string describe(const graph::Graph& graph, const Coverage::Item& item) {
  if (item.kind == Kind::kExit) return graph::wording(graph, graph.exits[item.index]);
  const graph::Step& step = graph.steps[item.index];
  if (item.kind == Kind::kStep) return fmt::format("step `{}`", step.identity);
  const std::string way = graph::wording(graph, step, item.edge);
  if (way.empty()) return fmt::format("the end of `{}`", step.identity);
  return fmt::format("`{}` of `{}`", way, step.identity);
}

}  // namespace

int percent(Coverage::Count count) {
  return count.total == 0 ? 100 : static_cast<int>(100LL * count.reached / count.total);
}

Coverage::Count Coverage::Report::sum() const {
  Count sum;
  for (const Count& count : counts) {
    sum.reached += count.reached;
    sum.total += count.total;
  }
  return sum;
}

Coverage::Coverage(const TestProgram& program) : program_(&program) {
  for (const TestedJourney& journey : program.journeys()) {
    std::vector<Item>& items = items_.emplace_back();
    std::vector<std::uint32_t>& first = first_item_.emplace_back();
    const graph::Graph& graph = journey.graph();
    for (graph::StepIndex step = 0; step < graph.steps.size(); ++step) {
      first.push_back(static_cast<std::uint32_t>(items.size()));
      items.push_back({Kind::kStep, step, {}, false});
      for (Item& item : edges_that_count(*journey.compiled, step)) items.push_back(item);
    }
    first.push_back(static_cast<std::uint32_t>(items.size()));
    for (std::uint32_t rule = 0; rule < graph.exits.size(); ++rule) {
      items.push_back({Kind::kExit, rule, {}, false});
    }
  }
}

void Coverage::reach(JourneyIndex journey, Kind kind, std::uint32_t index, Way way,
                     std::uint32_t arm) {
  std::vector<Item>& items = items_[journey];
  const std::vector<std::uint32_t>& first = first_item_[journey];
  if (kind == Kind::kExit) {
    items[first.back() + index].reached = true;
    return;
  }
  if (kind == Kind::kStep) {
    items[first[index]].reached = true;
    return;
  }
  for (std::uint32_t i = first[index] + 1; i < first[index + 1]; ++i) {
    if (items[i].edge.way == way && items[i].edge.index == arm) items[i].reached = true;
  }
}

// A wait that was left without another way's being named has ended by its timer.
void Coverage::leave(JourneyIndex journey, const Trail& trail) {
  if (trail.step == graph::kCompleted || trail.named) return;
  if (!is_wait(program_->journeys()[journey].graph().steps[trail.step])) return;
  reach(journey, Kind::kTimer, trail.step, Way::kNext, 0);
}

void Coverage::take(JourneyIndex journey, Trail& trail, const engine::Note& note) {
  switch (note.kind) {
    case engine::Note::Kind::kReached:
      leave(journey, trail);
      trail = {note.step, false};
      return reach(journey, Kind::kStep, note.step, Way::kNext, 0);
    case engine::Note::Kind::kBranch:
      if (trail.step == note.step) trail.named = true;
      return reach(journey, Kind::kBranch, note.step, note.way, note.number);
    case engine::Note::Kind::kRungBegun:
      leave(journey, trail);
      trail = {note.step, true};
      return reach(journey, Kind::kTimer, note.step, Way::kRung, note.number);
    case engine::Note::Kind::kRungSkipped:
      return;
    case engine::Note::Kind::kExited:
      if (note.number == engine::Note::kNoRule) return leave(journey, trail);
      if (note.number == engine::Note::kByGoal) return;
      return reach(journey, Kind::kExit, note.number, Way::kNext, 0);
  }
}

void Coverage::follow(JourneyIndex journey, Trail& trail,
                      const std::vector<engine::Effect>& effects, graph::StepIndex at) {
  for (const engine::Effect& effect : effects) {
    if (const auto* note = std::get_if<engine::Note>(&effect)) take(journey, trail, *note);
  }
  // Back at a schedule, which is not reached anew.
  if (at == graph::kCompleted || at == trail.step) return;
  leave(journey, trail);
  trail = {at, false};
}

void Coverage::add(const Coverage& other) {
  for (std::size_t journey = 0; journey < items_.size(); ++journey) {
    for (std::size_t i = 0; i < items_[journey].size(); ++i) {
      if (other.items_[journey][i].reached) items_[journey][i].reached = true;
    }
  }
}

std::vector<Coverage::Report> Coverage::report(const std::vector<bool>& has_test) const {
  std::vector<Report> reports;
  for (JourneyIndex journey = 0; journey < items_.size(); ++journey) {
    if (!has_test[journey]) continue;
    const dsl::CompiledJourney& compiled = *program_->journeys()[journey].compiled;
    Report& report = reports.emplace_back();
    report.journey = compiled.graph.journey;
    for (const Item& item : items_[journey]) {
      Count& count = report.counts[static_cast<int>(item.kind)];
      ++count.total;
      if (item.reached) {
        ++count.reached;
        continue;
      }
      const dsl::Span place = item.kind == Kind::kExit ? compiled.exit_spans[item.index]
                                                       : compiled.step_spans[item.index];
      report.missed.push_back({place, describe(compiled.graph, item)});
    }
    std::ranges::stable_sort(report.missed, {}, &Missed::place);
  }
  return reports;
}

}  // namespace sojourn::testing
