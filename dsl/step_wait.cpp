// `wait 3d at 09:00` and `wait until T past … missing …`. The blocks of the latter
// are `IDENTITY.past` and `IDENTITY.missing`.
#include <fmt/core.h>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/narrowing.h"
#include "dsl/step_context.h"
#include "dsl/types.h"

namespace sojourn::dsl {

void check_wait(StepContext& context, const StepPlace& place, const ast::WaitFor& wait) {
  const std::string identity = context.identify(place.step, place.block, "wait");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::Wait action;
  action.next = place.next;
  if (wait.duration) {
    const auto duration =
        check_duration(context.expressions, *wait.duration, "the length of a wait");
    if (duration) action.duration = *duration;
  }
  if (wait.at) action.at = check_time_of_day(context.expressions, *wait.at);
  context.graph.steps[at].action = action;
  context.let_time_pass();
  const bool to_another_day = action.duration.months > 0 || action.duration.days > 0;
  context.flow.waited |= to_another_day || (action.duration.millis > 0 && !action.at);
}

Typed check_moment(StepContext& context, const ast::Expr& moment) {
  Scope scope = context.later_scope();
  scope.dates_may_be_missing = true;
  Typed typed = check_expression(context.expressions, scope, moment);
  if (!typed.known) return typed;
  if (typed.type.kind != graph::Type::Kind::kTimestamp) {
    context.report.add(
        diagnose(messages::kTypeMismatch, moment.span, "`timestamp`", quoted(typed.type)));
    typed.known = false;
  } else if (reads(context.graph, typed.id, graph::Op::kNow)) {
    context.report.add(diagnose(messages::kMomentReadsNow, moment.span)
                           .help("fix it first, with `let`, or use `wait` with a duration"));
    typed.known = false;
  }
  return typed;
}

void need_missing(StepContext& context, const Typed& moment, const ast::Expr& expr, bool has_up_to,
                  bool has_missing, Span step) {
  if (has_missing || !moment.known || context.report.has_syntax_fault(step)) return;
  if (!moment.type.optional && !has_up_to) return;
  Diagnostic diagnostic =
      diagnose(messages::kMissingNeeded, context.report.first_line(step),
               context.report.words(expr.span, "this moment"))
          .help("say so: `missing continue`, `missing exit as …` or `missing { … }`");
  if (!moment.type.optional) {
    diagnostic.helps.emplace_back("a moment further off than `up to` counts as missing");
  }
  context.report.add(std::move(diagnostic));
}

void check_wait_until(StepContext& context, const StepPlace& place, const ast::WaitUntil& wait) {
  const std::string identity = context.identify(place.step, place.block, "wait until");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::WaitUntil action;
  action.next = action.past = action.missing = place.next;
  if (wait.moment) {
    const Typed moment = check_moment(context, *wait.moment);
    action.time = moment.id;
    need_missing(context, moment, *wait.moment, wait.up_to != nullptr, wait.missing.has_value(),
                 place.step.span);
  }
  if (!wait.past && !context.report.has_syntax_fault(place.step.span)) {
    context.report.add(diagnose(messages::kPastNeeded, context.report.first_line(place.step.span))
                           .help("say so: `past continue`, `past exit as …` or `past { … }`"));
  }
  if (wait.at) action.at = check_time_of_day(context.expressions, *wait.at);
  if (wait.up_to) action.up_to = check_elapsed(context.expressions, *wait.up_to, "`up to`");
  context.let_time_pass();
  const Flow after = context.flow;
  // It has come, or gone by, so it is there.
  Flow come = after;
  if (wait.moment) come.facts.merge(facts_of_moment(context.expressions, *wait.moment));
  Ways ways;
  ways.add(come);
  if (wait.past) {
    context.flow = come;
    action.past = check_otherwise(context, *wait.past, identity + ".past.", place.next);
    ways.add(std::exchange(context.flow, after));
  }
  if (wait.missing) {
    action.missing = check_otherwise(context, *wait.missing, identity + ".missing.", place.next);
    ways.add(std::exchange(context.flow, after));
  }
  context.flow = ways.joined();
  context.graph.steps[at].action = action;
}

}  // namespace sojourn::dsl
