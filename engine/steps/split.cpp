// `split`: a unit's place is a number from 0 to 9,999, the hash of (journey,
// split, unit); it does not depend on the shares. The arms lie on that line in
// the order written, each as wide as its share. So widening an arm at the cost of
// its neighbour moves exactly the units between the old border and the new one,
// and no unit that was not asked to move; a border further on moves the same way.
//
// Once the split is decided (engine/experiment.h), whoever comes to it takes the arm that won.
#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
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

std::optional<std::uint32_t> arm_called(const graph::Split& step, std::string_view name) {
  const auto arm = std::ranges::find(step.arms, name, &graph::SplitArm::name);
  if (arm == step.arms.end()) return std::nullopt;
  return static_cast<std::uint32_t>(arm - step.arms.begin());
}

// The arm that `arms` has for the split.
std::optional<std::uint32_t> find_arm(std::span<const AssignedArm> arms, const graph::Split& step) {
  const auto found = std::ranges::find(arms, step.name, &AssignedArm::split);
  return found == arms.end() ? std::nullopt : arm_called(step, found->arm);
}

std::uint64_t unit_of(const Turn& turn, const graph::Split& step) {
  const graph::Value unit = step.unit == graph::kNoExpr
                                ? graph::Value(static_cast<std::int64_t>(turn.enrollment.user))
                                : evaluate(turn.scope(), step.unit);
  return unit_hash(turn.graph.journey, step.name, unit);
}

// By the split's decision, once there is one: who is in the arm that is kept out stays there.
std::uint32_t arm_by_rule(const Turn& turn, const graph::Split& step, std::uint64_t unit) {
  const std::uint32_t arm = arm_at(step, place_of_hash(unit));
  if (arm >= step.arms.size() || step.arms[arm].name == graph::kHoldoutArm) return arm;
  return find_arm(turn.facts.decided, step).value_or(arm);
}

// Who comes to a measured split again, in a `repeat`, goes the way they went.
std::optional<std::uint32_t> arm_of_before(const Turn& turn, graph::StepIndex index,
                                           const graph::Split& step) {
  if (!step.measure) return std::nullopt;
  const auto& arms = turn.enrollment.measure.arms;
  const auto known = std::ranges::find(arms, index, &ArmTaken::split);
  return known == arms.end() ? std::nullopt : std::optional(known->arm);
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

// Who takes an arm is counted from here on, whatever comes next: if it were from the first
// message on, the arm itself would have a say in who is counted. Returns whether they are.
bool begin_measure(Turn& turn, graph::StepIndex index, const graph::Split& step) {
  Measure& measure = turn.enrollment.measure;
  if (!step.measure || measure.held_out || measure.again) return false;
  measure.open.push_back({index, turn.now});
  return true;
}

// Who takes an arm settles their unit, also when an earlier enrollment may have counted them:
// were the unit left to the next, the arm would have a say in whether there is one. Who is
// held out gets nothing of the arm.
bool settles_unit(const Turn& turn, const graph::Split& step) {
  return step.measure && step.unit != graph::kNoExpr && !turn.enrollment.measure.held_out;
}

constexpr std::string_view kAsBefore = "as they went before";

std::string_view why_by_rule(const Turn& turn, const graph::Split& step, std::uint64_t unit) {
  const std::uint32_t arm = arm_at(step, place_of_hash(unit));
  const bool kept = arm < step.arms.size() && step.arms[arm].name == graph::kHoldoutArm;
  return !kept && find_arm(turn.facts.decided, step) ? "the split is decided" : "by the hash";
}

void tell_of_arm(Turn& turn, graph::StepIndex index, const graph::Split& step, std::uint32_t arm,
                 std::string_view rule) {
  turn.because(turn.scope(), step.unit);
  turn.why.rule = rule;
  turn.decided(Decision::Kind::kWay, index, step.arms[arm].name, arm);
}

}  // namespace

Onward arrive(Turn& turn, graph::StepIndex index, const graph::Split& step) {
  const auto before = arm_of_before(turn, index, step);
  const std::uint64_t unit = unit_of(turn, step);
  auto arm = find_arm(turn.facts.assigned, step);
  if (!arm) arm = before;
  const bool by_rule = !arm;
  if (by_rule) arm = arm_by_rule(turn, step, unit);
  if (*arm >= step.arms.size()) return graph::kCompleted;
  Note note{Note::Kind::kBranch, index, *arm, step.arms[*arm].name, graph::Edge::Way::kArm};
  const bool counts = !turn.graph.goals.empty() || step.measure;
  note.first = counts && remember(turn.enrollment.measure, index, *arm);
  note.measured = !before && begin_measure(turn, index, step);
  if (!before && settles_unit(turn, step)) note.unit = unit;
  turn.effects.emplace_back(std::move(note));
  tell_of_arm(turn, index, step, *arm, by_rule ? why_by_rule(turn, step, unit) : kAsBefore);
  return step.arms[*arm].next;
}

}  // namespace sojourn::engine
