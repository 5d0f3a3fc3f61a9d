// Which rungs of a schedule can still come after one, and when.
//
// Rungs run in the order of their moments, each at most once. Where two moments can
// stand either way round (`1mo before`, `30d before`), they are of one group, and any
// of it may follow any other as often as the group has rungs: more than can happen,
// never less.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/step.h"
#include "proof/delay.h"

namespace sojourn::graph {
struct Graph;
}

namespace sojourn::proof {

class RungOrder {
 public:
  explicit RungOrder(const graph::Schedule& schedule);

  // Rungs of one group are neighbours: `first` to `end`.
  struct Group {
    std::uint32_t first = 0;
    std::uint32_t end = 0;
  };
  const Group& group_of(std::uint32_t rung) const { return groups_[group_[rung]]; }

 private:
  std::vector<Group> groups_;
  std::vector<std::uint32_t> group_;  // by rung
};

// Nothing moves the schedule's T: it is made of the entry, locals and constants.
bool stays(const graph::Graph& graph, const graph::Schedule& schedule);

// The latest beginning of a rung, and the latest time that the schedule is left without
// one, both since the arrival at the schedule; kForever without `up to`.
base::Millis latest_begin(const graph::Schedule& schedule, const graph::Rung& rung);
base::Millis latest_rest(const graph::Schedule& schedule);

}  // namespace sojourn::proof
