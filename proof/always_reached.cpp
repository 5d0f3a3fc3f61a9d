#include "proof/always_reached.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace sojourn::proof {

std::optional<Witness> way_around(const TimedGraph& graph, graph::StepIndex step) {
  constexpr WayIndex kNoWay = UINT32_MAX;
  std::vector<WayIndex> by(graph.places.size(), kNoWay);
  std::vector<PlaceIndex> open;
  if (graph.places[0].step != step) open.push_back(0);
  std::optional<PlaceIndex> end;
  for (std::size_t next = 0; next < open.size() && !end; ++next) {
    const PlaceIndex place = open[next];
    if (graph.places[place].step == graph::kCompleted) end = place;
    for (WayIndex i = graph.places[place].first_way; i < graph.places[place].end_way; ++i) {
      const PlaceIndex to = graph.ways[i].to;
      if (to == 0 || by[to] != kNoWay || graph.places[to].step == step) continue;
      by[to] = i;
      open.push_back(to);
    }
  }
  if (!end) return std::nullopt;
  std::vector<WayIndex> ways;
  for (PlaceIndex place = *end; by[place] != kNoWay; place = graph.ways[by[place]].from) {
    ways.push_back(by[place]);
  }
  std::reverse(ways.begin(), ways.end());
  Witness witness;
  base::Millis now{0};
  for (const WayIndex way : ways) {
    now = plus(now, graph.ways[way].delay.least);
    witness.legs.push_back(leg_of(graph, graph.ways[way], now));
  }
  witness.completes = true;
  return witness;
}

}  // namespace sojourn::proof
