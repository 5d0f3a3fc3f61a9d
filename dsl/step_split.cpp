// `split NAME [by EXPR] { [measure …] [decide …] 50% a {…} 50% b {…} }`. An unlabelled split is
// called `split NAME`; the block of an arm is `IDENTITY.ARM`.
#include <fmt/core.h>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/split_measure.h"
#include "dsl/step_context.h"

namespace sojourn::dsl {
namespace {

constexpr std::int64_t kWholeShare = 10'000;  // hundredths of a percent

std::string identify_split(StepContext& context, const StepPlace& place, const ast::Split& split) {
  if (place.step.label) return context.identify(place.step, place.block, "split");
  std::string identity = fmt::format("{}split {}", context.use_prefix, split.name.text);
  context.claim_identity(identity, split.name.span);
  return identity;
}

void check_shares(StepContext& context, const ast::Split& split, Span step) {
  std::int64_t sum = 0;
  for (const ast::Split::Arm& arm : split.arms) sum += arm.share.basis_points;
  if (sum == kWholeShare || context.report.has_syntax_fault(step)) return;
  Diagnostic diagnostic =
      diagnose(messages::kSharesDoNotSum, context.report.first_line(step), percent_text(sum));
  for (const ast::Split::Arm& arm : split.arms) {
    diagnostic.secondary.push_back({arm.name.span, percent_text(arm.share.basis_points) + "%"});
  }
  context.report.add(std::move(diagnostic));
}

}  // namespace

void check_split(StepContext& context, const StepPlace& place, const ast::Split& split) {
  const std::string identity = identify_split(context, place, split);
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::Split action;
  action.name = context.use_prefix + split.name.text;
  if (split.by) {
    action.unit = check_value(context.expressions, context.scope(), *split.by, "`by`").id;
  }
  check_shares(context, split, place.step.span);
  const Flow before = context.flow;
  Ways ways;
  Places names;
  for (const ast::Split::Arm& arm : split.arms) {
    const auto [first, is_new] = names.emplace(arm.name.text, arm.name.span);
    if (!is_new && arm.name) {
      context.report.add(diagnose(messages::kDuplicateName, arm.name.span, "the arm", arm.name.text)
                             .note(first->second, "first declared here"));
    }
    graph::SplitArm out;
    out.name = arm.name.text;
    out.share = static_cast<std::uint32_t>(arm.share.basis_points);
    out.next = place.next;
    if (arm.block) {
      out.next = check_block(context, *arm.block, fmt::format("{}.{}.", identity, arm.name.text),
                             place.next);
    }
    ways.add(std::exchange(context.flow, before));
    action.arms.push_back(std::move(out));
  }
  context.flow = ways.joined();
  if (split.arms.empty()) context.flow = before;
  check_measure_and_decide(context, split, action);
  context.graph.steps[at].action = std::move(action);
}

}  // namespace sojourn::dsl
