#include "dsl/split_measure.h"

#include <algorithm>
#include <fmt/core.h>
#include <string_view>
#include <vector>

#include "dsl/check_expression.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::SplitMeasure::Kind;

constexpr std::int64_t kLeastConfidence = 5'000;
constexpr std::int64_t kMostConfidence = 9'999;
constexpr std::int64_t kMostPeople = 100'000'000;

std::optional<graph::SplitMeasure> find_measure(StepContext& context,
                                                const ast::Split::Measure& node) {
  graph::SplitMeasure measure;
  if (node.verb) {
    measure.kind = node.verb == ast::EngagementVerb::kOpened ? Kind::kOpened : Kind::kClicked;
    return measure;
  }
  if (!node.goal) return std::nullopt;
  const auto& goals = context.graph.goals;
  const auto goal = std::ranges::find(goals, node.goal.text, &graph::Goal::name);
  if (goal == goals.end()) {
    std::vector<std::string_view> known{"opened", "clicked"};
    for (const graph::Goal& each : goals) known.emplace_back(each.name);
    context.report.add(diagnose(messages::kUnknownMeasure, node.goal.span, node.goal.text)
                           .label(suggestion(node.goal.text, known))
                           .help("a split measures `opened`, `clicked` or a goal of its journey"));
    return std::nullopt;
  }
  measure.goal = static_cast<std::uint32_t>(goal - goals.begin());
  return measure;
}

// What is counted is kept by the name of the split.
void check_name_is_alone(StepContext& context, const ast::Split& split,
                         const graph::Split& action) {
  for (graph::StepIndex i = 0; i < context.graph.steps.size(); ++i) {
    const auto* other = std::get_if<graph::Split>(&context.graph.steps[i].action);
    if (other == nullptr || other->name != action.name) continue;
    if (!action.measure && !other->measure) continue;
    context.report.add(
        diagnose(messages::kDuplicateName, split.name.span, "the measured split", action.name)
            .note(context.report.first_line(context.step_spans[i]), "the other one"));
    return;
  }
}

bool is_candidate(const graph::SplitArm& arm) {
  return arm.name != graph::kHoldoutArm && arm.share > 0;
}

void check_decision(StepContext& context, const ast::Split& split, graph::Split& action) {
  const ast::Split::Decide& node = *split.decide;
  graph::SplitDecision decision;
  if (node.after) {
    const auto after = check_count(context.expressions, *node.after, "the number of people per arm",
                                   1, kMostPeople);
    if (after) decision.after = static_cast<std::uint32_t>(*after);
  }
  const std::int64_t at = node.at.basis_points;
  if ((at < kLeastConfidence || at > kMostConfidence) &&
      !context.report.has_syntax_fault(node.span)) {
    context.report.add(
        diagnose(messages::kBadConfidence, node.span, percent_text(at))
            .help("write how sure it is to be, from `50%` to `99.99%`; `95%` is usual"));
  }
  decision.confidence =
      static_cast<std::uint32_t>(std::clamp(at, kLeastConfidence, kMostConfidence));
  if (!split.measure) {
    context.report.add(diagnose(messages::kDecideWithoutMeasure, node.span)
                           .help("write `measure clicked within 3d`, or a goal of the journey, "
                                 "above it"));
    return;
  }
  if (std::ranges::count_if(action.arms, is_candidate) < 2) {
    context.report.add(diagnose(messages::kNothingToDecide, node.span, graph::kHoldoutArm));
  }
  if (action.measure) action.decide = decision;
}

}  // namespace

void check_measure_and_decide(StepContext& context, const ast::Split& split, graph::Split& action) {
  if (split.measure) {
    action.measure = find_measure(context, *split.measure);
    if (split.measure->within) {
      const auto within =
          check_elapsed(context.expressions, *split.measure->within, "`within` of `measure`");
      if (action.measure && within) action.measure->within = *within;
    }
  }
  if (split.decide) check_decision(context, split, action);
  if (split.name) check_name_is_alone(context, split, action);
}

std::string percent_text(std::int64_t basis_points) {
  std::string text = fmt::format("{}.{:02}", basis_points / 100, basis_points % 100);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace sojourn::dsl
