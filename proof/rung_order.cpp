#include "proof/rung_order.h"

#include <algorithm>

#include "graph/graph.h"

namespace sojourn::proof {
namespace {

bool comes_before(const graph::Schedule& schedule, std::uint32_t earlier, std::uint32_t later) {
  // Of two at one moment, the first written runs first.
  return least_between(schedule.rungs[earlier], schedule.rungs[later]) >= base::Millis{0};
}

// What an operation gives stays, if its arguments do: locals, constants, and the entry
// unless a further event may take its place.
bool may_change(const graph::Graph& graph, graph::Op op) {
  using graph::Op;
  switch (op) {
    case Op::kConstant:
    case Op::kLocal:
      return false;
    case Op::kEntryField:
    case Op::kEntryCreatedAt:
      return graph.while_enrolled.kind == graph::WhileEnrolled::Kind::kUpdate;
    default:
      return op < Op::kNot || op > Op::kMember;
  }
}

}  // namespace

RungOrder::RungOrder(const graph::Schedule& schedule) {
  for (std::uint32_t rung = 0; rung < schedule.rungs.size(); ++rung) {
    // Joined with every earlier group that holds a rung which may come later.
    Group group{rung, rung + 1};
    while (!groups_.empty()) {
      const Group& above = groups_.back();
      bool in_order = true;
      for (std::uint32_t i = above.first; i < above.end && in_order; ++i) {
        for (std::uint32_t j = group.first; j < group.end && in_order; ++j) {
          in_order = comes_before(schedule, i, j);
        }
      }
      if (in_order) break;
      group.first = above.first;
      groups_.pop_back();
    }
    groups_.push_back(group);
  }
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    group_.insert(group_.end(), groups_[g].end - groups_[g].first, g);
  }
}

bool stays(const graph::Graph& graph, const graph::Schedule& schedule) {
  std::vector<graph::ExprId> open{schedule.around};
  while (!open.empty()) {
    const graph::Expression& node = graph.expressions[open.back()];
    open.pop_back();
    if (may_change(graph, node.op)) return false;
    open.insert(open.end(), node.arguments.begin(), node.arguments.end());
  }
  return true;
}

base::Millis latest_begin(const graph::Schedule& schedule, const graph::Rung& rung) {
  if (!schedule.up_to) return kForever;
  return std::max(plus(moment_of(rung).most, *schedule.up_to), base::Millis{0});
}

base::Millis latest_rest(const graph::Schedule& schedule) {
  base::Millis latest{0};
  for (const graph::Rung& rung : schedule.rungs) {
    latest = std::max(latest, latest_begin(schedule, rung));
  }
  return latest;
}

}  // namespace sojourn::proof
