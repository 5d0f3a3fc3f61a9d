#include "proof/timed_graph.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>

#include "graph/graph.h"
#include "proof/constant_condition.h"
#include "proof/rung_order.h"
#include "proof/step_ways.h"

namespace sojourn::proof {
namespace {

using graph::Edge;
using graph::StepIndex;

// A rung while it is run, or a round of a repeat.
struct Run {
  std::uint32_t outer = 0;             // the run around it; 0: none
  StepIndex step = graph::kCompleted;  // the schedule or the repeat
  std::uint32_t rung = 0;              // or round, from 0
  std::uint32_t nth_of_group = 1;      // of rungs
  friend auto operator<=>(const Run&, const Run&) = default;
};

// Finds places and their ways from the beginning on, in the order in which they are
// met, and then sorts them.
class Builder {
 public:
  explicit Builder(const graph::Graph& graph) : graph_(graph), runs_(1) {}

  std::optional<TimedGraph> build() {
    place_at(graph_.first, 0);
    for (PlaceIndex place = 0; place < places_.size(); ++place) {
      if (places_.size() > kMaxPlaces) return std::nullopt;
      find_ways(place);
    }
    sort();
    measure_rungs();
    return std::move(out_);
  }

 private:
  PlaceIndex place_at(StepIndex step, std::uint32_t run);
  std::uint32_t run_of(const Run& run);
  const RungOrder& order_of(StepIndex schedule);
  void find_ways(PlaceIndex place);
  void add_way(PlaceIndex from, StepIndex to, std::uint32_t run, Way way);
  void find_repeat_ways(PlaceIndex place, const graph::Repeat& repeat);
  void find_schedule_ways(PlaceIndex place, const graph::Schedule& schedule);
  void find_rungs_after(PlaceIndex place, const graph::Schedule& schedule, const Run& run);
  void sort();
  void measure_rungs();

  const graph::Graph& graph_;
  std::vector<Run> runs_;  // the first stands for none
  std::map<Run, std::uint32_t> run_numbers_;
  std::map<StepIndex, RungOrder> orders_;
  std::unordered_map<std::uint64_t, PlaceIndex> place_numbers_;
  std::vector<Place> places_;
  std::vector<Way> ways_;
  TimedGraph out_;
};

// Coming to a schedule from inside one of its rungs, or to a repeat from inside one of
// its rounds, is coming back to it.
PlaceIndex Builder::place_at(StepIndex step, std::uint32_t run) {
  if (step == graph::kCompleted) run = 0;
  std::uint32_t back = run;
  while (back != 0 && runs_[back].step != step) back = runs_[back].outer;
  if (back != 0) run = back;
  const std::uint64_t key = (std::uint64_t{run} << 32U) | step;
  const auto [known, is_new] = place_numbers_.emplace(key, static_cast<PlaceIndex>(places_.size()));
  if (is_new) {
    Place place;
    place.step = step;
    place.rung = run;
    places_.push_back(place);
  }
  return known->second;
}

std::uint32_t Builder::run_of(const Run& run) {
  const auto [known, is_new] = run_numbers_.emplace(run, static_cast<std::uint32_t>(runs_.size()));
  if (is_new) runs_.push_back(run);
  return known->second;
}

const RungOrder& Builder::order_of(StepIndex schedule) {
  const auto known = orders_.find(schedule);
  if (known != orders_.end()) return known->second;
  const auto& action = std::get<graph::Schedule>(graph_.steps[schedule].action);
  return orders_.emplace(schedule, RungOrder(action)).first->second;
}

void Builder::add_way(PlaceIndex from, StepIndex to, std::uint32_t run, Way way) {
  way.from = from;
  way.to = place_at(to, run);
  ways_.push_back(std::move(way));
}

void Builder::find_ways(PlaceIndex place) {
  places_[place].first_way = static_cast<WayIndex>(ways_.size());
  const StepIndex at = places_[place].step;
  if (at != graph::kCompleted) {
    const graph::Step& step = graph_.steps[at];
    if (const auto* schedule = std::get_if<graph::Schedule>(&step.action)) {
      find_schedule_ways(place, *schedule);
    } else if (const auto* repeat = std::get_if<graph::Repeat>(&step.action)) {
      find_repeat_ways(place, *repeat);
    } else {
      for (const StepWay& way : step_ways(graph_, step)) {
        Way out;
        out.edge = way.edge;
        out.delay = way.delay;
        out.sent = way.sent;
        add_way(place, way.edge.to, places_[place].rung, out);
      }
    }
  }
  places_[place].end_way = static_cast<WayIndex>(ways_.size());
}

// Every round has places of its own, so a repeat makes no cycle.
void Builder::find_repeat_ways(PlaceIndex place, const graph::Repeat& repeat) {
  const std::uint32_t here = places_[place].rung;
  const StepIndex at = places_[place].step;
  const bool comes_back = here != 0 && runs_[here].step == at;
  const std::uint32_t begun = comes_back ? runs_[here].rung + 1 : 0;
  const std::uint32_t outside = comes_back ? runs_[here].outer : here;
  const auto until =
      repeat.until == graph::kNoExpr ? std::optional(false) : constant_truth(graph_, repeat.until);
  if (begun < repeat.times && until != true) {
    Way round;
    round.edge = {Edge::Way::kRound, 0, repeat.body};
    add_way(place, repeat.body, run_of({outside, at, begun, 1}), round);
  }
  if (begun == repeat.times || until != false) {
    Way next;
    next.edge = {Edge::Way::kNext, 0, repeat.next};
    add_way(place, repeat.next, outside, next);
  }
}

void Builder::find_schedule_ways(PlaceIndex place, const graph::Schedule& schedule) {
  const std::uint32_t here = places_[place].rung;
  const Run run = runs_[here];
  const bool comes_back = here != 0 && run.step == places_[place].step;
  base::Millis rest{0};
  if (comes_back) {
    find_rungs_after(place, schedule, run);
  } else {
    rest = latest_rest(schedule);
    for (std::uint32_t rung = 0; rung < schedule.rungs.size(); ++rung) {
      Way way;
      way.edge = {Edge::Way::kRung, rung, schedule.rungs[rung].body};
      way.delay.most = latest_begin(schedule, schedule.rungs[rung]);
      add_way(place, way.edge.to, run_of({here, places_[place].step, rung, 1}), way);
    }
  }
  const std::uint32_t outside = comes_back ? run.outer : here;
  for (const auto& [kind, to] : {std::pair{Edge::Way::kNext, schedule.next},
                                 std::pair{Edge::Way::kMissing, schedule.missing}}) {
    Way way;
    way.edge = {kind, 0, to};
    way.delay.most = rest;
    add_way(place, to, outside, way);
  }
}

void Builder::find_rungs_after(PlaceIndex place, const graph::Schedule& schedule, const Run& run) {
  const RungOrder::Group& group = order_of(run.step).group_of(run.rung);
  const bool more_of_group = run.nth_of_group < group.end - group.first;
  const bool fixed = stays(graph_, schedule);
  for (std::uint32_t rung = group.first; rung < schedule.rungs.size(); ++rung) {
    const bool in_group = rung < group.end;
    if (in_group && (rung == run.rung || !more_of_group)) continue;
    Way way;
    way.edge = {Edge::Way::kRung, rung, schedule.rungs[rung].body};
    way.only_least = true;
    if (fixed) way.spacing = least_between(schedule.rungs[run.rung], schedule.rungs[rung]);
    const std::uint32_t nth = in_group ? run.nth_of_group + 1 : 1;
    add_way(place, way.edge.to, run_of({run.outer, run.step, rung, nth}), way);
  }
}

// By a walk in depth, whose reverse order of leaving is an order in which ways lead on.
void Builder::sort() {
  enum class State : std::uint8_t { kUnseen, kOpen, kDone };
  std::vector<State> states(places_.size(), State::kUnseen);
  std::vector<PlaceIndex> left;
  std::vector<std::pair<PlaceIndex, WayIndex>> open{{0, places_[0].first_way}};
  states[0] = State::kOpen;
  while (!open.empty()) {
    auto& [place, way] = open.back();
    if (way == places_[place].end_way) {
      states[place] = State::kDone;
      left.push_back(place);
      open.pop_back();
      continue;
    }
    const PlaceIndex to = ways_[way++].to;
    if (states[to] == State::kOpen) out_.has_cycle = true;
    if (states[to] != State::kUnseen) continue;
    states[to] = State::kOpen;
    open.emplace_back(to, places_[to].first_way);
  }
  std::reverse(left.begin(), left.end());
  std::vector<PlaceIndex> numbers(places_.size());
  for (PlaceIndex i = 0; i < left.size(); ++i) numbers[left[i]] = i;
  out_.ways.reserve(ways_.size());
  for (const PlaceIndex old : left) {
    Place place = places_[old];
    const WayIndex first = place.first_way;
    const WayIndex end = place.end_way;
    place.first_way = static_cast<WayIndex>(out_.ways.size());
    for (WayIndex w = first; w < end; ++w) {
      Way way = ways_[w];
      way.from = numbers[way.from];
      way.to = numbers[way.to];
      out_.ways.push_back(way);
    }
    place.end_way = static_cast<WayIndex>(out_.ways.size());
    out_.places.push_back(place);
  }
}

void Builder::measure_rungs() {
  out_.last_chance.assign(runs_.size(), kForever);
  for (std::uint32_t run = 1; run < runs_.size(); ++run) {
    const graph::Step& step = graph_.steps[runs_[run].step];
    const auto* schedule = std::get_if<graph::Schedule>(&step.action);
    if (schedule == nullptr) continue;
    const graph::Rung& rung = schedule->rungs[runs_[run].rung];
    if (rung.before) out_.last_chance[run] = base::Millis{-moment_of(rung).least.count};
  }
  if (out_.has_cycle) return;
  constexpr base::Millis kUnset{-1};
  for (Place& place : out_.places) place.since_rung = place.rung == 0 ? kForever : kUnset;
  for (const Way& way : out_.ways) {
    const Place& from = out_.places[way.from];
    Place& to = out_.places[way.to];
    if (to.rung == 0) continue;
    base::Millis since = kForever;
    if (way.edge.way == Edge::Way::kRung) {
      since = base::Millis{0};
    } else if (from.rung == to.rung) {
      since = plus(from.since_rung, way.delay.most);
    }
    to.since_rung = std::max(to.since_rung, since);
  }
}

}  // namespace

std::optional<TimedGraph> timed_graph(const graph::Graph& graph) {
  return Builder(graph).build();
}

}  // namespace sojourn::proof
