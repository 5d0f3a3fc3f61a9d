#include "proof/witness.h"

#include <algorithm>
#include <fmt/core.h>
#include <variant>

#include "graph/graph.h"
#include "graph/wording.h"

namespace sojourn::proof {
namespace {

using graph::Edge;

std::string send_text(const graph::Step& step, const Leg& leg, std::size_t number) {
  const std::string& campaign = std::get<graph::Send>(step.action).campaign;
  const std::string name =
      step.identity == campaign ? "send " + campaign : step.identity + ": send " + campaign;
  if (leg.sent) return fmt::format("{}: message {}", name, number);
  return name + (leg.edge.way == Edge::Way::kElse ? ": cannot be reached" : ": skipped");
}

// Empty for what does not help to follow the way.
std::string step_text(const graph::Graph& graph, const Leg& leg) {
  const graph::Step& step = graph.steps[leg.step];
  const std::string way = graph::wording(graph, step, leg.edge);
  if (std::holds_alternative<graph::Let>(step.action)) return {};
  if (std::holds_alternative<graph::Schedule>(step.action) && way.empty()) return {};
  return fmt::format("{}: {}", step.identity, way.empty() ? graph::wording(graph, step) : way);
}

}  // namespace

Leg leg_of(const TimedGraph& graph, const Way& way, base::Millis left) {
  return {graph.places[way.from].step, way.edge, way.sent, left};
}

std::string length_text(base::Millis length) {
  constexpr std::int64_t kDay = base::days24(1).count;
  graph::Duration parts;
  parts.days = static_cast<std::int32_t>(length.count / kDay);
  parts.millis = length.count % kDay;
  return graph::to_string(parts);
}

std::vector<std::string> timeline(const graph::Graph& graph, const Witness& witness) {
  struct Line {
    std::string time;
    std::string text;
  };
  std::vector<Line> lines;
  const auto add = [&](base::Millis at, std::string text) {
    if (!text.empty()) lines.push_back({"+" + length_text(at), std::move(text)});
  };
  if (!graph.entries.empty()) add({}, graph::wording(graph, graph.entries.front()));
  std::size_t messages = 0;
  for (std::size_t i = 0; i < witness.legs.size(); ++i) {
    const Leg& leg = witness.legs[i];
    const graph::Step& step = graph.steps[leg.step];
    if (witness.event_before_last && i + 1 == witness.legs.size()) {
      add(leg.left, *witness.event_before_last);
    }
    if (!std::holds_alternative<graph::Send>(step.action)) {
      add(leg.left, step_text(graph, leg));
      continue;
    }
    if (leg.sent) ++messages;
    add(leg.left, send_text(step, leg, messages));
  }
  if (witness.completes) {
    add(witness.legs.empty() ? base::Millis{} : witness.legs.back().left, "completed");
  }
  std::size_t width = 0;
  for (const Line& line : lines) width = std::max(width, line.time.size());
  std::vector<std::string> out;
  out.reserve(lines.size());
  for (const Line& line : lines)
    out.push_back(fmt::format("{:<{}}  {}", line.time, width, line.text));
  return out;
}

}  // namespace sojourn::proof
