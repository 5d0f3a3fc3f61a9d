// A journey as proofs see it: places, and ways between them with bounds on the time
// that each takes. Whatever an enrollment does, from its entry to its end, is a walk
// along the ways that stays within their bounds (exit rules may cut it short).
//
// A place is a step, or a step inside a rung that is being run: a schedule's rungs
// run at most once each, so the place of the schedule after one rung is another than
// after the next, and so is every step inside. What can never be taken (a branch by a
// constant, an arm with no share) has no way. Values; built once, then only read.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/walk.h"
#include "proof/delay.h"

namespace sojourn::graph {
struct Graph;
}

namespace sojourn::proof {

using PlaceIndex = std::uint32_t;
using WayIndex = std::uint32_t;

struct Way {
  PlaceIndex from = 0;
  PlaceIndex to = 0;
  graph::Edge edge;  // of the step at `from`; its `to` is the step that was written
  Delay delay;
  bool sent = false;  // the message of the step at `from` has left
  // The longest time is accounted for by another way, from the arrival at the schedule.
  bool only_least = false;
  // To a rung, when T stays: at least so much later than the rung before it began.
  base::Millis spacing;
};

struct Place {
  graph::StepIndex step = graph::kCompleted;
  std::uint32_t rung = 0;  // which run of a rung, or round of a repeat, this is inside; 0: none
  WayIndex first_way = 0;
  WayIndex end_way = 0;
  // Since the rung began, at most, on arrival; kForever when that is not known.
  base::Millis since_rung = kForever;
};

struct TimedGraph {
  // The first is where the journey begins. But for cycles, every way leads from a
  // lower to a higher place.
  std::vector<Place> places;
  std::vector<Way> ways;  // by `from`
  bool has_cycle = false;
  // For each run of a rung, from 1: the moment of T, at most, since the rung began;
  // only for rungs before T, whose messages do not leave later. Else kForever.
  std::vector<base::Millis> last_chance;

  std::span<const Way> ways_of(PlaceIndex place) const {
    const Place& p = places[place];
    return {ways.data() + p.first_way, ways.data() + p.end_way};
  }
};

// A journey whose schedules or repeats stand inside each other too deep has more places
// than this.
inline constexpr std::size_t kMaxPlaces = 100'000;

// nullopt when there are more than kMaxPlaces. The graph is a verified one.
std::optional<TimedGraph> timed_graph(const graph::Graph& graph);

}  // namespace sojourn::proof
