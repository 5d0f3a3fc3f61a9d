// Journeys are vertices; what can start another journey is an arc (dsl/cycle_arcs.h). Arcs
// that are reached late enough fall away first, then journeys that end the round by themselves.
// What then lies on a circle is reported, at the first of its steps.
#include "dsl/check_cycles.h"

#include <algorithm>
#include <deque>
#include <fmt/core.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "dsl/cycle_arcs.h"
#include "dsl/report.h"
#include "graph/engagement.h"
#include "proof/delay.h"
#include "proof/earliest_arrival.h"

namespace sojourn::dsl {
namespace {

using graph::ExprId;
using graph::Graph;

// The data that a step gives the journey it starts; kNoExpr when there is none.
ExprId data_of(const graph::Step& step) {
  if (const auto* track = std::get_if<graph::Track>(&step.action)) return track->fields;
  if (const auto* start = std::get_if<graph::Start>(&step.action)) return start->fields;
  return graph::kNoExpr;
}

// Does the step hand the entry's own `field` on as it is, or give a constant? Then the
// field has only so many values on the way round.
bool hands_on(const Graph& graph, const graph::Step& step, const std::string& field) {
  const ExprId data = data_of(step);
  if (data == graph::kNoExpr) return false;
  const graph::Expression& object = graph.expressions[data];
  const auto name = std::ranges::find(object.names, field);
  if (name == object.names.end()) return false;
  const auto place = static_cast<std::size_t>(name - object.names.begin());
  const graph::Expression& value = graph.expressions[object.arguments[place]];
  if (value.op == graph::Op::kConstant) return true;
  return value.op == graph::Op::kEntryField && graph.entry_fields[value.slot] == field;
}

// Has the field only so many values behind the arc, however often the way is gone round?
bool keeps_field(const Graph& from, const Arc& arc, const std::string& field) {
  switch (arc.by) {
    case Arc::By::kStep:
      return hands_on(from, from.steps[arc.step], field);
    case Arc::By::kMessage:
      return field == graph::kCampaignField || field == graph::kMessageTypeField ||
             field == graph::kMediumField;
    case Arc::By::kEntering:
    case Arc::By::kLeaving:
      return true;  // who enters because of them has no fields
  }
  return false;
}

bool keeps_out(const graph::Reentry& reentry) {
  using Kind = graph::Reentry::Kind;
  if (reentry.kind != Kind::kAfter) return reentry.kind == Kind::kNever;
  return proof::delay_of(reentry.after, std::nullopt).least >= kLeastRound;
}

// `entry.campaign` of `entry.campaign default "none"`.
const graph::Expression& without_fallback(const Graph& graph, ExprId id) {
  const graph::Expression& value = graph.expressions[id];
  if (value.op != graph::Op::kDefault) return value;
  const graph::Expression& fallback = graph.expressions[value.arguments[1]];
  return fallback.op == graph::Op::kConstant ? graph.expressions[value.arguments[0]] : value;
}

class Circles {
 public:
  Circles(const graph::Catalog& catalog, const std::vector<CompiledJourney>& journeys,
          const std::vector<SourceFile>& files)
      : journeys_(journeys), files_(files), arcs_(find_arcs(catalog, journeys)) {}

  void report(std::vector<Diagnostic>& diagnostics) {
    keep_circles();
    if (arcs_.empty()) return;
    drop_late_arcs();
    keep_circles();
    while (drop_ends()) keep_circles();
    while (!arcs_.empty()) {
      const std::vector<Arc> circle = first_circle();
      diagnostics.push_back(tell(circle));
      for (const Arc& arc : circle) drop(arc.from);
      keep_circles();
    }
  }

 private:
  // Leaves only arcs between journeys of one circle (a strongly connected part).
  void keep_circles();
  void drop_late_arcs();
  // False when there was none.
  bool drop_ends();
  void drop(JourneyIndex journey) {
    std::erase_if(arcs_, [&](const Arc& a) { return a.from == journey || a.to == journey; });
  }
  bool goes_to_many(std::size_t part) const;
  bool bounds_round(JourneyIndex journey) const;
  std::vector<Arc> first_circle() const;
  Diagnostic tell(const std::vector<Arc>& circle) const;

  const std::vector<CompiledJourney>& journeys_;
  const std::vector<SourceFile>& files_;
  std::vector<Arc> arcs_;  // by place
  std::vector<std::size_t> part_of_;
};

// Kosaraju's two walks, without recursion: a journey belongs with those that it leads
// to and that lead back to it.
void Circles::keep_circles() {
  const std::size_t count = journeys_.size();
  std::vector<std::vector<JourneyIndex>> onward(count);
  std::vector<std::vector<JourneyIndex>> back(count);
  for (const Arc& arc : arcs_) {
    onward[arc.from].push_back(arc.to);
    back[arc.to].push_back(arc.from);
  }
  std::vector<JourneyIndex> finished;
  std::vector<std::size_t> next(count, 0);
  std::vector<bool> seen(count, false);
  for (JourneyIndex root = 0; root < count; ++root) {
    if (seen[root]) continue;
    seen[root] = true;
    std::vector<JourneyIndex> open{root};
    while (!open.empty()) {
      const JourneyIndex at = open.back();
      if (next[at] == onward[at].size()) {
        finished.push_back(at);
        open.pop_back();
        continue;
      }
      const JourneyIndex to = onward[at][next[at]++];
      if (seen[to]) continue;
      seen[to] = true;
      open.push_back(to);
    }
  }
  part_of_.assign(count, count);
  for (auto root = finished.rbegin(); root != finished.rend(); ++root) {
    std::vector<JourneyIndex> open{*root};
    while (!open.empty()) {
      const JourneyIndex at = open.back();
      open.pop_back();
      if (part_of_[at] != count) continue;
      part_of_[at] = *root;
      for (const JourneyIndex from : back[at]) open.push_back(from);
    }
  }
  std::erase_if(arcs_, [&](const Arc& arc) { return part_of_[arc.from] != part_of_[arc.to]; });
}

void Circles::drop_late_arcs() {
  std::map<JourneyIndex, proof::EarliestArrivals> arrivals;
  std::erase_if(arcs_, [&](const Arc& arc) {
    if (arc.later >= kLeastRound) return true;
    if (arc.when == Arc::When::kEntry) return false;
    auto known = arrivals.find(arc.from);
    if (known == arrivals.end()) {
      known = arrivals.emplace(arc.from, proof::earliest_arrivals(journeys_[arc.from].graph)).first;
    }
    const proof::EarliestArrivals& at = known->second;
    const bool at_step = arc.when == Arc::When::kStep;
    return proof::plus(at_step ? at.steps[arc.step] : at.end, arc.later) >= kLeastRound;
  });
}

bool Circles::goes_to_many(std::size_t part) const {
  return std::ranges::any_of(
      arcs_, [&](const Arc& arc) { return arc.to_many && part_of_[arc.from] == part; });
}

// One user enters it once on the whole way round, or once in kLeastRound: with values that
// each step on the way hands on as they are. Where the way goes to many, each of them enters it
// and sends the others round once more.
bool Circles::bounds_round(JourneyIndex journey) const {
  const Graph& graph = journeys_[journey].graph;
  if (!keeps_out(graph.reentry) ||
      graph.while_enrolled.kind == graph::WhileEnrolled::Kind::kRestart) {
    return false;
  }
  const bool is_for_one = !goes_to_many(part_of_[journey]);
  return is_for_one && std::ranges::all_of(graph.one_per, [&](ExprId id) {
           const graph::Expression& value = without_fallback(graph, id);
           if (value.op == graph::Op::kConstant) return true;
           if (value.op != graph::Op::kEntryField) return false;
           const std::string& field = graph.entry_fields[value.slot];
           return std::ranges::all_of(arcs_, [&](const Arc& arc) {
             if (part_of_[arc.from] != part_of_[journey]) return true;
             return keeps_field(journeys_[arc.from].graph, arc, field);
           });
         });
}

bool Circles::drop_ends() {
  std::vector<JourneyIndex> ends;
  for (const Arc& arc : arcs_) {
    if (bounds_round(arc.from)) ends.push_back(arc.from);
  }
  for (const JourneyIndex journey : ends) drop(journey);
  std::set<std::size_t> to_many;
  for (const Arc& arc : arcs_) {
    if (arc.to_many) to_many.insert(part_of_[arc.from]);
  }
  const auto dropped = std::erase_if(
      arcs_, [&](const Arc& arc) { return arc.once && !to_many.contains(part_of_[arc.from]); });
  return !ends.empty() || dropped > 0;
}

// Through the first arc that there is, by the fewest others.
std::vector<Arc> Circles::first_circle() const {
  const Arc& first = arcs_.front();
  std::map<JourneyIndex, const Arc*> came_by{{first.to, nullptr}};
  std::deque<JourneyIndex> open{first.to};
  while (!open.empty() && !came_by.contains(first.from)) {
    const JourneyIndex at = open.front();
    open.pop_front();
    for (const Arc& arc : arcs_) {
      if (arc.from == at && came_by.emplace(arc.to, &arc).second) open.push_back(arc.to);
    }
  }
  std::vector<Arc> circle;
  for (JourneyIndex at = first.from; at != first.to; at = circle.back().from) {
    circle.push_back(*came_by.at(at));
  }
  circle.push_back(first);
  std::ranges::reverse(circle);
  return circle;
}

// Of an arc, beside its place.
std::string_view words_of(Arc::By by) {
  switch (by) {
    case Arc::By::kEntering:
      return "entering it";
    case Arc::By::kLeaving:
      return "leaving it";
    default:
      return "this";
  }
}

Diagnostic Circles::tell(const std::vector<Arc>& circle) const {
  const auto name = [&](JourneyIndex journey) { return journeys_[journey].graph.journey; };
  const auto line = [&](const Arc& arc) { return first_line(files_[arc.place.file], arc.place); };
  const Arc& first = circle.front();
  Diagnostic out = diagnose(messages::kJourneyCycle, line(first), name(first.from))
                       .label(fmt::format("{} starts `{}`", words_of(first.by), name(first.to)));
  for (std::size_t i = 1; i < circle.size(); ++i) {
    out.secondary.push_back(
        {line(circle[i]), fmt::format("and {} `{}`", words_of(circle[i].by), name(circle[i].to))});
  }
  return std::move(out).help(
      "let every way round take at least 1h, or go through a journey with `reenter never` "
      "or `reenter after 1h` whose `one per` values stay the same on the way");
}

}  // namespace

void check_cycles(const graph::Catalog& catalog, const std::vector<CompiledJourney>& journeys,
                  const std::vector<SourceFile>& files, std::vector<Diagnostic>& diagnostics) {
  Circles(catalog, journeys, files).report(diagnostics);
}

}  // namespace sojourn::dsl
