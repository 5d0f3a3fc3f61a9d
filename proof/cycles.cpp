#include "proof/cycles.h"

#include <algorithm>

namespace sojourn::proof {
namespace {

// Strongly connected components, by Tarjan's walk without recursion.
class Components {
 public:
  Components(const TimedGraph& graph, const std::function<bool(const Way&)>& usable)
      : graph_(graph),
        usable_(usable),
        seen_(graph.places.size(), 0),
        lowest_(graph.places.size(), 0),
        component_(graph.places.size(), 0) {
    for (PlaceIndex place = 0; place < graph.places.size(); ++place) {
      if (seen_[place] == 0) walk_from(place);
    }
  }

  bool together(PlaceIndex a, PlaceIndex b) const { return component_[a] == component_[b]; }

 private:
  struct Frame {
    PlaceIndex place;
    WayIndex way;
  };

  void enter(PlaceIndex place) {
    seen_[place] = lowest_[place] = ++count_;
    open_.push_back(place);
    frames_.push_back({place, graph_.places[place].first_way});
  }

  void walk_from(PlaceIndex root) {
    enter(root);
    while (!frames_.empty()) {
      const PlaceIndex place = frames_.back().place;
      if (frames_.back().way == graph_.places[place].end_way) {
        frames_.pop_back();
        leave(place);
        continue;
      }
      const Way& way = graph_.ways[frames_.back().way++];
      if (!usable_(way)) continue;
      if (seen_[way.to] == 0) {
        enter(way.to);
      } else if (component_[way.to] == 0) {
        lowest_[place] = std::min(lowest_[place], seen_[way.to]);
      }
    }
  }

  void leave(PlaceIndex place) {
    if (!frames_.empty()) {
      const PlaceIndex parent = frames_.back().place;
      lowest_[parent] = std::min(lowest_[parent], lowest_[place]);
    }
    if (lowest_[place] != seen_[place]) return;
    ++components_;
    PlaceIndex member = 0;
    do {
      member = open_.back();
      open_.pop_back();
      component_[member] = components_;
    } while (member != place);
  }

  const TimedGraph& graph_;
  const std::function<bool(const Way&)>& usable_;
  std::vector<std::uint32_t> seen_;       // order of discovery, from 1
  std::vector<std::uint32_t> lowest_;     // the earliest open place it leads back to
  std::vector<std::uint32_t> component_;  // from 1; 0: not known yet
  std::vector<PlaceIndex> open_;
  std::vector<Frame> frames_;
  std::uint32_t count_ = 0;
  std::uint32_t components_ = 0;
};

}  // namespace

std::vector<bool> ways_on_cycles(const TimedGraph& graph,
                                 const std::function<bool(const Way&)>& usable) {
  std::vector<bool> out(graph.ways.size(), false);
  if (!graph.has_cycle) return out;
  const Components components(graph, usable);
  for (WayIndex i = 0; i < graph.ways.size(); ++i) {
    const Way& way = graph.ways[i];
    out[i] = usable(way) && components.together(way.from, way.to);
  }
  return out;
}

}  // namespace sojourn::proof
