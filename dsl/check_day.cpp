// The days that a clock time falls on: `monday`, `workday`, `day 15`.
#include "dsl/check_expression.h"

namespace sojourn::dsl {

graph::DayRule check_day(ExpressionContext& context, const ast::Day& day) {
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
        const auto number = check_count(context, *day.day_of_month, "the day of a month", 1, 31);
        if (number) rule.day_of_month = static_cast<std::uint8_t>(*number);
      }
      break;
  }
  return rule;
}

}  // namespace sojourn::dsl
