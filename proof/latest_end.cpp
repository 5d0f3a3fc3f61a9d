#include "proof/latest_end.h"

#include <algorithm>
#include <vector>

#include "proof/cycles.h"

namespace sojourn::proof {
namespace {

using base::Millis;

// By place: the most that is left to go. The graph has no cycle.
std::vector<Millis> most_left(const TimedGraph& graph) {
  std::vector<Millis> left(graph.places.size());
  for (std::size_t i = graph.ways.size(); i > 0; --i) {
    const Way& way = graph.ways[i - 1];
    if (way.only_least) continue;
    left[way.from] = std::max(left[way.from], plus(left[way.to], way.delay.most));
  }
  return left;
}

}  // namespace

LatestEnd latest_end(const TimedGraph& graph) {
  LatestEnd out;
  for (const Way& way : graph.ways) {
    if (way.delay.most < kForever || way.only_least) continue;
    out.endless = graph.places[way.from].step;
    return out;
  }
  const auto on_cycle = ways_on_cycles(graph, [](const Way&) { return true; });
  const auto cycle = std::find(on_cycle.begin(), on_cycle.end(), true);
  if (cycle != on_cycle.end()) {
    const auto way = static_cast<std::size_t>(cycle - on_cycle.begin());
    out.endless = graph.places[graph.ways[way].from].step;
    out.endless_by_cycle = true;
    return out;
  }
  out.at = most_left(graph).front();
  return out;
}

Witness longest_way(const TimedGraph& graph) {
  const std::vector<Millis> left = most_left(graph);
  Witness witness;
  Millis now{0};
  PlaceIndex place = 0;
  while (true) {
    const auto ways = graph.ways_of(place);
    const auto longest = std::find_if(ways.begin(), ways.end(), [&](const Way& way) {
      return !way.only_least && plus(left[way.to], way.delay.most) == left[place];
    });
    if (longest == ways.end()) break;
    now = plus(now, longest->delay.most);
    witness.legs.push_back(leg_of(graph, *longest, now));
    place = longest->to;
  }
  witness.completes = graph.places[place].step == graph::kCompleted;
  return witness;
}

}  // namespace sojourn::proof
