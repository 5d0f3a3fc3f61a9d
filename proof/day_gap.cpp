#include "proof/day_gap.h"

#include <algorithm>

#include "calendar/arithmetic.h"

namespace sojourn::proof {
namespace {

bool is_of_week(const graph::DayRule& rule, std::int32_t day) {
  return (rule.weekdays >> (calendar::weekday(day) - 1) & 1) != 0;
}

bool is_of_rule(const graph::DayRule& rule, std::int32_t day) {
  return is_of_week(rule, day) && !std::ranges::binary_search(rule.except, graph::Date{day});
}

// Weeks are alike, so a fortnight shows every gap.
std::int32_t gap_of_week(const graph::DayRule& rule) {
  std::int32_t largest = 0;
  for (std::int32_t day = 0; day < 7; ++day) {
    std::int32_t next = day + 1;
    while (!is_of_week(rule, next)) ++next;
    largest = std::max(largest, next - day);
  }
  return largest;
}

// From the last day of the rule before `except` to the first behind it.
std::int32_t gap_around(const graph::DayRule& rule, std::int32_t except) {
  std::int32_t before = except - 1;
  while (!is_of_rule(rule, before)) --before;
  std::int32_t behind = except + 1;
  while (!is_of_rule(rule, behind)) ++behind;
  return behind - before;
}

std::int32_t gap_of_month(std::uint8_t day) {
  constexpr std::int32_t kLongestMonth = 31;
  if (day <= 28) return kLongestMonth;
  // From the last of January over a February that lacks the day: its 28 days, or 29.
  if (day == 29) return 28 + kLongestMonth;
  if (day == 30) return 29 + kLongestMonth;
  // Over a month of 30 days.
  return 30 + kLongestMonth;
}

std::int32_t smallest_gap_of_week(const graph::DayRule& rule) {
  std::int32_t smallest = 7;
  for (std::int32_t day = 0; day < 7; ++day) {
    if (!is_of_week(rule, day)) continue;
    std::int32_t next = day + 1;
    while (!is_of_week(rule, next)) ++next;
    smallest = std::min(smallest, next - day);
  }
  return smallest;
}

}  // namespace

std::int32_t largest_gap_days(const graph::DayRule& rule) {
  if (rule.kind == graph::DayRule::Kind::kEvery) return 1;
  if (rule.kind == graph::DayRule::Kind::kOfMonth) return gap_of_month(rule.day_of_month);
  std::int32_t largest = gap_of_week(rule);
  for (const graph::Date& except : rule.except) {
    if (is_of_week(rule, except.days)) largest = std::max(largest, gap_around(rule, except.days));
  }
  return largest;
}

// Days that are left out only part the others.
std::int32_t smallest_gap_days(const graph::DayRule& rule) {
  if (rule.kind == graph::DayRule::Kind::kEvery) return 1;
  if (rule.kind == graph::DayRule::Kind::kOfWeek) return smallest_gap_of_week(rule);
  // The shortest month that has the day, and the next one has it as well.
  return std::max<std::int32_t>(28, rule.day_of_month);
}

}  // namespace sojourn::proof
