#include "engine/holdout.h"

#include <algorithm>

#include "engine/place.h"

namespace sojourn::engine {
namespace {

// `journey` is empty for a holdout of the policy, and `name` for one of a journey; a split
// has both names.
bool is_within(std::uint32_t share, std::string_view journey, std::string_view name,
               std::string_view assigned_as, const Facts& facts, std::uint64_t user) {
  const bool assigned = std::ranges::any_of(facts.assigned, [&](const AssignedArm& arm) {
    return arm.split == assigned_as && arm.arm == graph::kHoldoutArm;
  });
  if (assigned) return true;
  if (facts.only_assigned_held_out || share == 0) return false;
  return place_of(journey, name, graph::Value(static_cast<std::int64_t>(user))) < share;
}

}  // namespace

bool is_held_out(const graph::Graph& graph, const Facts& facts, std::uint64_t user) {
  return graph.holdout > 0 &&
         is_within(graph.holdout, graph.journey, {}, graph.journey, facts, user);
}

bool is_held_out(const graph::SendingRules& rules, const Facts& facts, std::uint64_t user) {
  return std::ranges::any_of(rules.holdouts, [&](const graph::GlobalHoldout& holdout) {
    return is_within(holdout.share, {}, holdout.name, holdout.name, facts, user);
  });
}

}  // namespace sojourn::engine
