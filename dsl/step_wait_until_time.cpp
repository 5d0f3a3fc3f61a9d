// `wait until [DAY] 09:00` and `wait until [DAY] 09:00..17:00`.
#include "dsl/check_expression.h"
#include "dsl/step_context.h"

namespace sojourn::dsl {
namespace {

graph::DayRule check_day(StepContext& context, const ast::Day& day) {
  graph::DayRule rule;
  switch (day.kind) {
    case ast::Day::Kind::kEvery:
      break;
    case ast::Day::Kind::kWorkday:
      rule.kind = graph::DayRule::Kind::kOfWeek;
      rule.weekdays = context.world.policy.workdays.weekdays;
      rule.except = context.world.policy.workdays.except;
      break;
    case ast::Day::Kind::kWeekday:
      rule.kind = graph::DayRule::Kind::kOfWeek;
      rule.weekdays = static_cast<std::uint8_t>(1U << (day.weekday - 1));
      break;
    case ast::Day::Kind::kOfMonth:
      rule.kind = graph::DayRule::Kind::kOfMonth;
      rule.day_of_month = 1;
      if (day.day_of_month) {
        const auto number =
            check_count(context.expressions, *day.day_of_month, "the day of a month", 1, 31);
        if (number) rule.day_of_month = static_cast<std::uint8_t>(*number);
      }
      break;
  }
  return rule;
}

}  // namespace

void check_wait_until_time(StepContext& context, const StepPlace& place,
                           const ast::WaitUntilTime& wait) {
  const std::string identity = context.identify(place.step, place.block, "wait until");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::WaitUntilTime action;
  action.next = place.next;
  if (wait.day) action.day = check_day(context, *wait.day);
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
