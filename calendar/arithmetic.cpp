#include "calendar/arithmetic.h"

#include <algorithm>

#include "base/check.h"
#include "base/civil.h"

namespace sojourn::calendar {
namespace {

constexpr std::int64_t kFirstDay = -719'162;  // 0001-01-01
constexpr std::int64_t kLastDay = 2'932'896;  // 9999-12-31
constexpr base::Instant kFirstInstant{kFirstDay * 86'400'000};

bool in_range(base::Instant t) {
  return t >= kFirstInstant && t <= base::kNever;
}

}  // namespace

std::optional<LocalTime> add(LocalTime from, std::int32_t months, std::int32_t days) {
  base::CivilDay date = base::civil_from_days(from.day);
  // Months since year 0, so that years need no case of their own.
  const std::int64_t month_number = date.year * 12 + (date.month - 1) + months;
  if (month_number < 12) return std::nullopt;
  date.year = month_number / 12;
  date.month = static_cast<int>(month_number % 12) + 1;
  date.day = std::min(date.day, base::days_in_month(date.year, date.month));
  const std::int64_t day = base::days_from_civil(date) + days;
  if (day < kFirstDay || day > kLastDay) return std::nullopt;
  return LocalTime{static_cast<std::int32_t>(day), from.millis};
}

std::optional<base::Instant> add(const Zone& zone, base::Instant from, std::int32_t months,
                                 std::int32_t days, std::int64_t millis) {
  if (!in_range(from)) return std::nullopt;
  base::Instant reached = from;
  if (months != 0 || days != 0) {
    const std::optional<LocalTime> local = add(zone.to_local(from), months, days);
    if (!local) return std::nullopt;
    reached = zone.to_instant(*local);
  }
  if (__builtin_add_overflow(reached.millis, millis, &reached.millis)) return std::nullopt;
  return in_range(reached) ? std::optional(reached) : std::nullopt;
}

LocalTime at_time(LocalTime day, std::int32_t minute_of_day) {
  SOJOURN_CHECK(minute_of_day >= 0 && minute_of_day < 24 * 60, "a time of day lies within a day");
  return LocalTime{day.day, minute_of_day * 60'000};
}

std::optional<LocalTime> next_local_time(const Zone& zone, base::Instant after,
                                         std::int32_t minute_of_day, const DayTest& wanted,
                                         std::int32_t search_days) {
  if (!in_range(after)) return std::nullopt;
  const std::int32_t today = zone.to_local(after).day;
  for (std::int32_t day = today; day <= today + search_days && day <= kLastDay; ++day) {
    if (!wanted(day) || !zone.day_exists(day)) continue;
    const LocalTime reading = at_time(LocalTime{day, 0}, minute_of_day);
    const base::Instant t = zone.to_instant(reading);
    if (t > after) return in_range(t) ? std::optional(reading) : std::nullopt;
  }
  return std::nullopt;
}

int weekday(std::int32_t day) {
  // Day 0 was a Thursday.
  const std::int64_t since_monday = (std::int64_t{day} + 3) % 7;
  return static_cast<int>(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

}  // namespace sojourn::calendar
