// `split`: a unit's place is a number from 0 to 9,999, the hash of (journey,
// split, unit); it does not depend on the shares. The arms lie on that line in
// the order written, each as wide as its share. So widening an arm at the cost of
// its neighbour moves exactly the units between the old border and the new one,
// and no unit that was not asked to move; a border further on moves the same way.
#include <algorithm>
#include <utility>

#include "engine/evaluate.h"
#include "engine/place.h"
#include "engine/steps/steps.h"

namespace sojourn::engine {
namespace {

std::uint32_t arm_at(const graph::Split& step, std::uint32_t place) {
  std::uint32_t border = 0;
  for (std::uint32_t i = 0; i < step.arms.size(); ++i) {
    border += step.arms[i].share;
    if (place < border) return i;
  }
  // A verified split's shares reach to the end of the line.
  return static_cast<std::uint32_t>(step.arms.size());
}

std::optional<std::uint32_t> assigned_arm(const Facts& facts, const graph::Split& step) {
  const auto assigned = std::ranges::find(facts.assigned, step.name, &AssignedArm::split);
  if (assigned == facts.assigned.end()) return std::nullopt;
  const auto arm = std::ranges::find(step.arms, assigned->arm, &graph::SplitArm::name);
  if (arm == step.arms.end()) return std::nullopt;
  return static_cast<std::uint32_t>(arm - step.arms.begin());
}

std::uint32_t arm_by_hash(const Turn& turn, const graph::Split& step) {
  const graph::Value unit = step.unit == graph::kNoExpr
                                ? graph::Value(static_cast<std::int64_t>(turn.enrollment.user))
                                : evaluate(turn.scope(), step.unit);
  return arm_at(step, place_of(turn.graph.journey, step.name, unit));
}

// Goals are counted by arm. Returns whether it is another than before.
bool remember(Measure& measure, graph::StepIndex split, std::uint32_t arm) {
  const auto known = std::ranges::find(measure.arms, split, &ArmTaken::split);
  if (known == measure.arms.end()) {
    measure.arms.push_back({split, arm});
    return true;
  }
  return std::exchange(known->arm, arm) != arm;
}

}  // namespace

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Split& step) {
  const auto assigned = assigned_arm(turn.facts, step);
  const std::uint32_t arm = assigned ? *assigned : arm_by_hash(turn, step);
  if (arm >= step.arms.size()) return graph::kCompleted;
  const bool first = !turn.graph.goals.empty() && remember(turn.enrollment.measure, index, arm);
  turn.effects.emplace_back(
      Note{Note::Kind::kBranch, index, arm, step.arms[arm].name, graph::Edge::Way::kArm, first});
  return step.arms[arm].next;
}

}  // namespace sojourn::engine
