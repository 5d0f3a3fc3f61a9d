#include "proof/earliest_arrival.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "proof/timed_graph.h"

namespace sojourn::proof {
namespace {

using base::Millis;

// By place: the shortest way from the first.
std::vector<Millis> soonest_at_places(const TimedGraph& graph) {
  using Reached = std::pair<Millis, PlaceIndex>;
  const auto later = [](const Reached& a, const Reached& b) { return a.first > b.first; };
  std::vector<Millis> soonest(graph.places.size(), kForever);
  std::priority_queue<Reached, std::vector<Reached>, decltype(later)> open(later);
  soonest.front() = Millis{0};
  open.emplace(Millis{0}, 0);
  while (!open.empty()) {
    const auto [at, place] = open.top();
    open.pop();
    if (at > soonest[place]) continue;
    for (const Way& way : graph.ways_of(place)) {
      const Millis arrival = plus(at, std::max(way.delay.least, Millis{0}));
      if (arrival >= soonest[way.to]) continue;
      soonest[way.to] = arrival;
      open.emplace(arrival, way.to);
    }
  }
  return soonest;
}

}  // namespace

EarliestArrivals earliest_arrivals(const graph::Graph& graph) {
  const auto timed = timed_graph(graph);
  // Too large to say.
  if (!timed) return {std::vector<Millis>(graph.steps.size(), Millis{0}), Millis{0}};
  EarliestArrivals arrivals{std::vector<Millis>(graph.steps.size(), kForever), kForever};
  const std::vector<Millis> soonest = soonest_at_places(*timed);
  for (PlaceIndex place = 0; place < timed->places.size(); ++place) {
    const graph::StepIndex step = timed->places[place].step;
    Millis& arrival = step == graph::kCompleted ? arrivals.end : arrivals.steps[step];
    arrival = std::min(arrival, soonest[place]);
  }
  return arrivals;
}

}  // namespace sojourn::proof
