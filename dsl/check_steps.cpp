// Blocks of steps: chooses the check of each, follows the flow from one to the next.
#include <fmt/core.h>
#include <utility>
#include <variant>

#include "dsl/step_context.h"

namespace sojourn::dsl {
namespace {

struct Chooser {
  StepContext& context;
  const StepPlace& place;

  void operator()(const ast::InvalidStep&) const {}
  void operator()(const ast::Send& node) const { check_send(context, place, node); }
  void operator()(const ast::WaitFor& node) const { check_wait(context, place, node); }
  void operator()(const ast::WaitUntilTime& node) const {
    check_wait_until_time(context, place, node);
  }
  void operator()(const ast::WaitUntil& node) const { check_wait_until(context, place, node); }
  void operator()(const ast::WaitForEvent& node) const {
    check_wait_for_event(context, place, node);
  }
  void operator()(const ast::WaitForCondition& node) const {
    check_wait_for_condition(context, place, node);
  }
  void operator()(const ast::WaitRace& node) const { check_wait_race(context, place, node); }
  void operator()(const ast::Schedule& node) const { check_schedule(context, place, node); }
  void operator()(const ast::Collect& node) const { check_collect(context, place, node); }
  void operator()(const ast::If& node) const { check_if_step(context, place, node); }
  void operator()(const ast::Match& node) const { check_match(context, place, node); }
  void operator()(const ast::Split& node) const { check_split(context, place, node); }
  void operator()(const ast::Let& node) const { check_let(context, place, node); }
  void operator()(const ast::UpdateUser& node) const { check_update_user(context, place, node); }
  void operator()(const ast::Track& node) const { check_track(context, place, node); }
  void operator()(const ast::ListChange& node) const { check_list_change(context, place, node); }
  void operator()(const ast::SubscriptionChange& node) const {
    check_subscription_change(context, place, node);
  }
  void operator()(const ast::CallWebhook& node) const { check_call(context, place, node); }
  void operator()(const ast::StartJourney& node) const { check_start(context, place, node); }
  void operator()(const ast::Repeat& node) const { check_repeat(context, place, node); }
  void operator()(const ast::Use& node) const { check_use(context, place, node); }
  void operator()(const ast::Exit& node) const { check_exit(context, place, node); }
};

}  // namespace

StepLabel check_block(StepContext& context, const ast::Block& block, std::string prefix,
                      StepLabel next) {
  if (block.steps.empty()) return next;
  const std::size_t locals_before = context.expressions.locals.size();
  BlockName name{std::move(prefix), {}};
  const StepLabel first = context.new_label();
  StepLabel label = first;
  bool ended = false;
  for (std::size_t i = 0; i < block.steps.size(); ++i) {
    const bool is_last = i + 1 == block.steps.size();
    const StepLabel after = is_last ? next : context.new_label();
    if (!context.flow.reachable && !ended) {
      ended = true;
      const Span before = block.steps[i == 0 ? 0 : i - 1].span;
      context.report.add(
          diagnose(messages::kUnreachableStep, context.report.first_line(block.steps[i].span))
              .note(context.report.first_line(before), "every way ends here")
              .help("every way to it has ended; remove it, or the `exit` before it"));
    }
    // What stands behind an end is checked as if it could be reached.
    context.flow.reachable = true;
    check_step(context, block.steps[i], name, label, after);
    label = after;
  }
  if (ended) context.flow.reachable = false;
  context.expressions.locals.resize(locals_before);
  return first;
}

void check_step(StepContext& context, const ast::Step& step, BlockName& block, StepLabel label,
                StepLabel next) {
  const StepPlace place{step, block, label, next};
  std::visit(Chooser{context, place}, step.node);
}

StepLabel check_otherwise(StepContext& context, const ast::Otherwise& otherwise, std::string prefix,
                          StepLabel next) {
  switch (otherwise.kind) {
    case ast::Otherwise::Kind::kContinue:
      return next;
    case ast::Otherwise::Kind::kBlock:
      return check_block(context, otherwise.block, std::move(prefix), next);
    case ast::Otherwise::Kind::kExit:
      break;
  }
  ast::Step step;
  step.span = otherwise.span;
  step.node = ast::Exit{otherwise.exit.reason};
  BlockName block{std::move(prefix), {}};
  const StepLabel label = context.new_label();
  check_step(context, step, block, label, next);
  return label;
}

}  // namespace sojourn::dsl
