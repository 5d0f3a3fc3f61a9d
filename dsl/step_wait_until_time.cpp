// `wait until [DAY] 09:00` and `wait until [DAY] 09:00..17:00`.
#include "dsl/check_expression.h"
#include "dsl/step_context.h"

namespace sojourn::dsl {

void check_wait_until_time(StepContext& context, const StepPlace& place,
                           const ast::WaitUntilTime& wait) {
  const std::string identity = context.identify(place.step, place.block, "wait until");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::WaitUntilTime action;
  action.next = place.next;
  if (wait.day) action.day = check_day(context.expressions, *wait.day);
  const auto from = wait.from ? check_time_of_day(context.expressions, *wait.from) : std::nullopt;
  if (from) action.from = *from;
  if (wait.to) {
    action.to = check_time_of_day(context.expressions, *wait.to);
    if (from && action.to == from) {
      context.report.add(diagnose(messages::kEmptyWindow, wait.to->span, to_string(*from))
                             .help("the end is not part of a window; leave it out to wait for "
                                   "the time itself"));
    }
  }
  context.graph.steps[at].action = std::move(action);
  context.let_time_pass();
  if (!wait.to) context.flow.waited = true;
}

}  // namespace sojourn::dsl
