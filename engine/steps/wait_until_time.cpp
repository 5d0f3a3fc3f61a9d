// `wait until [DAY] 09:00[..17:00]`: the day and time are chosen on arrival, by the
// zone of that moment, and kept; a change of zone moves the instant.
#include <algorithm>
#include <cstdint>

#include "base/civil.h"
#include "calendar/arithmetic.h"
#include "engine/aim.h"
#include "engine/steps/steps.h"
#include "engine/zones.h"

namespace sojourn::engine {
namespace {

constexpr std::int32_t kMillisPerMinute = 60'000;

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

// Far enough for the next day of the rule: two months for a 31st that its zone may
// skip once, and a week for every excepted day.
std::int32_t search_days(const graph::DayRule& rule) {
  return 130 + 7 * static_cast<std::int32_t>(rule.except.size());
}

bool inside_window(const graph::WaitUntilTime& step, calendar::LocalTime local) {
  if (!step.to) return false;
  const graph::TimeOfDay time{local.millis / kMillisPerMinute};
  const bool crosses_midnight = *step.to < step.from;
  if (time >= step.from && (crosses_midnight || time < *step.to)) {
    return falls_on(step.day, local.day);
  }
  return crosses_midnight && time < *step.to && falls_on(step.day, local.day - 1);
}

}  // namespace

Onward arrive(Turn& turn, graph::StepIndex index, const graph::WaitUntilTime& step) {
  const calendar::Zone& zone = journey_zone(turn.scope());
  if (inside_window(step, zone.to_local(turn.now))) return step.next;
  const auto reading = calendar::next_local_time(
      zone, turn.now, step.from.minutes, [&](std::int32_t day) { return falls_on(step.day, day); },
      search_days(step.day));
  // Without one the calendar has ended.
  const Aim target = reading ? aim_at(zone, *reading) : Aim{base::kNever, std::nullopt};
  turn.rest(index);
  turn.arm(make_timer(Timer::Purpose::kWait, 0, target, zone, turn.facts.zones));
  return std::nullopt;
}

}  // namespace sojourn::engine
