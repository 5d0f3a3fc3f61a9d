#include "proof/most_sends.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "proof/cycles.h"

namespace sojourn::proof {
namespace {

using base::Millis;

constexpr Millis kUnreached{INT64_MAX};
constexpr Millis kLongAgo{-kForever.count};
constexpr WayIndex kNoWay = UINT32_MAX;

// What is known of a place in a layer. Each member is the least over all walks there,
// so together they may be less than any one walk gives, never more.
struct Arrival {
  Millis at = kUnreached;    // since the first message
  Millis rung = kUnreached;  // when the rung began that the place is inside
  WayIndex by = kNoWay;
};
using Layer = std::vector<Arrival>;

class Search {
 public:
  Search(const TimedGraph& graph, const std::vector<bool>& counted)
      : graph_(graph), counted_(counted) {}

  bool counts(const Way& way) const { return way.sent && counted_[graph_.places[way.from].step]; }

  // The layer before the first message: everything is reached in its least time.
  Layer before() const {
    Layer layer(graph_.places.size());
    layer[0] = {Millis{0}, kLongAgo, kNoWay};
    settle(layer, nullptr);
    return layer;
  }

  // The layer in which one message has been sent, just now.
  Layer first() const {
    Layer layer(graph_.places.size());
    for (WayIndex i = 0; i < graph_.ways.size(); ++i) {
      const Way& way = graph_.ways[i];
      if (!counts(way)) continue;
      const Place& from = graph_.places[way.from];
      Arrival departure{Millis{0}, kLongAgo, kNoWay};
      if (from.rung != 0) {
        const Millis since =
            std::min(plus(from.since_rung, way.delay.most), graph_.last_chance[from.rung]);
        departure.rung = Millis{-since.count};
      }
      offer(layer, i, departure);
    }
    return layer;
  }

  // Spreads arrivals over the layer; messages that are counted lead to the next one,
  // or are not told apart when there is no next.
  void settle(Layer& layer, Layer* next) const {
    while (pass(layer, next) && graph_.has_cycle) {
    }
  }

  // The least time at which a counted message can be sent from this layer.
  Millis least(const Layer& layer, PlaceIndex* from = nullptr) const {
    Millis best = kUnreached;
    for (const Way& way : graph_.ways) {
      if (!counts(way) || layer[way.from].at >= best) continue;
      best = layer[way.from].at;
      if (from != nullptr) *from = way.from;
    }
    return best;
  }

 private:
  bool pass(Layer& layer, Layer* next) const {
    bool changed = false;
    for (PlaceIndex place = 0; place < graph_.places.size(); ++place) {
      if (layer[place].at == kUnreached) continue;
      const Place& p = graph_.places[place];
      for (WayIndex i = p.first_way; i < p.end_way; ++i) {
        const bool counted = next != nullptr && counts(graph_.ways[i]);
        changed |= offer(counted ? *next : layer, i, layer[place]);
      }
    }
    return changed;
  }

  // Takes way `i`, left as `from` says; whether that is news at its end.
  bool offer(Layer& layer, WayIndex i, const Arrival& from) const {
    const Way& way = graph_.ways[i];
    Arrival arrival{plus(from.at, way.delay.least), kLongAgo, i};
    if (way.edge.way == graph::Edge::Way::kRung) {
      arrival.at = std::max(arrival.at, plus(from.rung, way.spacing));
      arrival.rung = arrival.at;
    } else if (graph_.places[way.from].rung == graph_.places[way.to].rung) {
      arrival.rung = from.rung;
    }
    Arrival& known = layer[way.to];
    const bool sooner = arrival.at < known.at;
    const bool longer_ago = arrival.rung < known.rung;
    if (sooner) {
      known.at = arrival.at;
      known.by = i;
    }
    if (longer_ago) known.rung = arrival.rung;
    return sooner || longer_ago;
  }

  const TimedGraph& graph_;
  const std::vector<bool>& counted_;
};

// The ways by which `place` was reached in `layer`, last first; stops at a way that
// came from another layer.
void trace(const TimedGraph& graph, const Search& search, const Layer& layer, bool split_at_sends,
           PlaceIndex& place, std::vector<std::pair<WayIndex, Millis>>& out) {
  for (std::size_t guard = 0; guard <= graph.places.size(); ++guard) {
    const WayIndex by = layer[place].by;
    if (by == kNoWay) return;
    out.emplace_back(by, layer[place].at);
    place = graph.ways[by].from;
    if (split_at_sends && search.counts(graph.ways[by])) return;
  }
}

bool has_endless_sends(const TimedGraph& graph, const Search& search, bool at_once) {
  const auto on_cycle = ways_on_cycles(
      graph, [&](const Way& way) { return !at_once || way.delay.least == Millis{0}; });
  for (WayIndex i = 0; i < graph.ways.size(); ++i) {
    if (on_cycle[i] && search.counts(graph.ways[i])) return true;
  }
  return false;
}

}  // namespace

Count SendTimes::in_all() const {
  return goes_on ? Count() : Count(least.size());
}

Count SendTimes::within(Millis stretch) const {
  if (endless_at_once) return std::nullopt;
  const auto end = std::lower_bound(least.begin(), least.end(), stretch);
  if (end == least.end() && goes_on) return std::nullopt;
  return static_cast<std::size_t>(end - least.begin());
}

SendTimes send_times(const TimedGraph& graph, const std::vector<bool>& counted, Millis horizon) {
  const Search search(graph, counted);
  SendTimes out;
  if (graph.has_cycle) {
    out.goes_on = has_endless_sends(graph, search, false);
    out.endless_at_once = out.goes_on && has_endless_sends(graph, search, true);
  }
  const auto counts = [&](const Way& way) { return search.counts(way); };
  if (std::none_of(graph.ways.begin(), graph.ways.end(), counts)) return out;
  out.least.push_back(Millis{0});
  if (out.endless_at_once) return out;
  Layer layer = search.first();
  while (true) {
    Layer next(graph.places.size());
    search.settle(layer, &next);
    const Millis least = search.least(layer);
    if (least == kUnreached) return out;
    out.least.push_back(least);
    if (out.goes_on && least >= horizon) return out;
    if (out.least.size() > kMostCounted) {
      out.goes_on = true;
      return out;
    }
    layer = std::move(next);
  }
}

std::optional<Witness> way_to_send(const TimedGraph& graph, const std::vector<bool>& counted,
                                   std::size_t count, std::optional<Millis> per) {
  const Search search(graph, counted);
  const Layer before = search.before();
  std::vector<Layer> layers;  // [k]: k + 1 messages sent
  PlaceIndex place = 0;
  Millis last{0};
  if (count == 1) {
    if (search.least(before, &place) == kUnreached) return std::nullopt;
  } else {
    layers.push_back(search.first());
    while (layers.size() < count - 1) {
      Layer next(graph.places.size());
      search.settle(layers.back(), &next);
      layers.push_back(std::move(next));
    }
    Layer beyond(graph.places.size());
    search.settle(layers.back(), &beyond);
    last = search.least(layers.back(), &place);
    if (last == kUnreached || (per && last >= *per)) return std::nullopt;
  }
  std::vector<std::pair<WayIndex, Millis>> ways;
  const PlaceIndex last_place = place;
  for (std::size_t k = layers.size(); k > 0; --k) {
    trace(graph, search, layers[k - 1], true, place, ways);
  }
  // The first message leaves `place`; how one gets there, and when.
  const Millis begin = before[place].at;
  for (auto& [way, at] : ways) at = plus(at, begin);
  trace(graph, search, before, false, place, ways);
  std::reverse(ways.begin(), ways.end());
  Witness witness;
  for (const auto& [way, at] : ways) witness.legs.push_back(leg_of(graph, graph.ways[way], at));
  for (const Way& way : graph.ways_of(last_place)) {
    if (!search.counts(way)) continue;
    witness.legs.push_back(leg_of(graph, way, plus(begin, last)));
    break;
  }
  return witness;
}

}  // namespace sojourn::proof
