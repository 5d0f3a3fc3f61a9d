#include "engine/day_rule.h"

#include <algorithm>

#include "base/civil.h"
#include "calendar/arithmetic.h"

namespace sojourn::engine {
namespace {

// Far enough for the next day of the rule: two months for a 31st that its zone may
// skip once, and a week for every excepted day.
std::int32_t search_days(const graph::DayRule& rule) {
  return 130 + 7 * static_cast<std::int32_t>(rule.except.size());
}

}  // namespace

bool falls_on(const graph::DayRule& rule, std::int32_t day) {
  switch (rule.kind) {
    case graph::DayRule::Kind::kEvery:
      return true;
    case graph::DayRule::Kind::kOfWeek:
      return (rule.weekdays >> (calendar::weekday(day) - 1) & 1) != 0 &&
             !std::ranges::binary_search(rule.except, graph::Date{day});
    case graph::DayRule::Kind::kOfMonth:
      return base::civil_from_days(day).day == rule.day_of_month;
  }
  return false;
}

std::optional<calendar::LocalTime> next_reading(const calendar::Zone& zone,
                                                const graph::DayRule& rule, graph::TimeOfDay time,
                                                base::Instant after,
                                                std::optional<std::int64_t> last_day) {
  const auto wanted = [&](std::int32_t day) {
    return (!last_day || day > *last_day) && falls_on(rule, day);
  };
  return calendar::next_local_time(zone, after, time.minutes, wanted, search_days(rule));
}

}  // namespace sojourn::engine
