#include "tests/oracle/moments.h"

#include <algorithm>

#include "base/civil.h"
#include "calendar/arithmetic.h"

namespace sojourn::oracle {
namespace {

bool is_wanted(const graph::DayRule& rule, std::int32_t day) {
  switch (rule.kind) {
    case graph::DayRule::Kind::kEvery:
      return true;
    case graph::DayRule::Kind::kOfWeek:
      return ((rule.weekdays >> (calendar::weekday(day) - 1)) & 1) != 0 &&
             std::ranges::find(rule.except, graph::Date{day}) == rule.except.end();
    case graph::DayRule::Kind::kOfMonth:
      return base::civil_from_days(day).day == rule.day_of_month;
  }
  return false;
}

calendar::LocalTime reading(std::int32_t day, graph::TimeOfDay time) {
  return {day, time.minutes * 60'000};
}

}  // namespace

// The range belongs to no day: what counts is what the clock shows now.
bool is_quiet(const graph::QuietHours& quiet, const calendar::Zone& zone, base::Instant at) {
  const calendar::LocalTime local = zone.to_local(at);
  const std::int32_t from = quiet.from.minutes * 60'000;
  const std::int32_t to = quiet.to.minutes * 60'000;
  const bool in_range = from < to ? from <= local.millis && local.millis < to
                                  : from <= local.millis || local.millis < to;
  const int weekday = (local.day % 7 + 7 + 3) % 7;  // day 0 was a Thursday
  return in_range || ((quiet.weekdays >> weekday) & 1) != 0 ||
         std::ranges::find(quiet.dates, graph::Date{local.day}) != quiet.dates.end();
}

std::optional<base::Instant> shifted(const calendar::Zone& zone, base::Instant from,
                                     const graph::Duration& duration, bool before) {
  const int sign = before ? -1 : 1;
  return calendar::add(zone, from, sign * duration.months, sign * duration.days,
                       sign * duration.millis);
}

base::Instant on_its_day(const calendar::Zone& zone, base::Instant from,
                         std::optional<graph::TimeOfDay> at) {
  return at ? zone.to_instant(reading(zone.to_local(from).day, *at)) : from;
}

LocalMoment end_of_wait(const calendar::Zone& zone, base::Instant now,
                        const graph::Duration& duration, std::optional<graph::TimeOfDay> at) {
  const base::Instant reached = shifted(zone, now, duration, false).value_or(base::kNever);
  const calendar::LocalTime there = zone.to_local(reached);
  if (at) {
    const calendar::LocalTime local = reading(there.day, *at);
    return {std::max(now, zone.to_instant(local)), local};
  }
  // Without hours of its own it aims at the clock of its beginning, whether or not the
  // clock shows that time on the day.
  const auto local = calendar::add(zone.to_local(now), duration.months, duration.days);
  return {reached, duration.millis == 0 && local ? *local : there};
}

LocalMoment next_time(const calendar::Zone& zone, base::Instant now,
                      const graph::WaitUntilTime& step) {
  const std::int32_t today = zone.to_local(now).day;
  // Yesterday's window may go on past midnight. Thirteen months have every day of a month.
  for (std::int32_t day = today - 1; day < today + 400; ++day) {
    if (!zone.day_exists(day) || !is_wanted(step.day, day)) continue;
    const calendar::LocalTime from = reading(day, step.from);
    const base::Instant begin = zone.to_instant(from);
    if (begin > now) return {begin, from};
    if (!step.to) continue;
    const bool crosses = *step.to < step.from;
    if (now < zone.to_instant(reading(crosses ? day + 1 : day, *step.to))) return {now, from};
  }
  return {base::kNever, {}};
}

}  // namespace sojourn::oracle
