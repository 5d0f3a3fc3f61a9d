#include "engine/aim.h"

#include <algorithm>

#include "calendar/arithmetic.h"

namespace sojourn::engine {
namespace {

constexpr base::Instant kFirst{-62'135'596'800'000};  // 0001-01-01

base::Instant within_calendar(base::Instant t) {
  return std::clamp(t, kFirst, base::kNever);
}

Aim move(const calendar::Zone& zone, base::Instant from, const graph::Duration& d,
         base::Instant out_of_reach) {
  const bool by_calendar = d.months != 0 || d.days != 0;
  // The reading is kept as chosen (02:30), also where the zone does not show it.
  if (by_calendar && d.millis == 0) {
    const auto local = calendar::add(zone.to_local(from), d.months, d.days);
    return local ? aim_at(zone, *local) : Aim{out_of_reach, std::nullopt};
  }
  const auto reached = calendar::add(zone, from, d.months, d.days, d.millis);
  if (!reached) return Aim{out_of_reach, std::nullopt};
  return Aim{*reached, by_calendar ? std::optional(zone.to_local(*reached)) : std::nullopt};
}

}  // namespace

Aim aim(const calendar::Zone& zone, base::Instant from, const graph::Duration& duration,
        bool before, std::optional<graph::TimeOfDay> at) {
  // A verified graph's durations are never negative, so they can be turned round.
  const graph::Duration way =
      before ? graph::Duration{-duration.months, -duration.days, -duration.millis} : duration;
  const Aim reached = move(zone, within_calendar(from), way, before ? kFirst : base::kNever);
  if (!at) return reached;
  const calendar::LocalTime day = reached.local ? *reached.local : zone.to_local(reached.due);
  return aim_at(zone, on_day(zone, day, *at));
}

calendar::LocalTime on_day(const calendar::Zone& zone, calendar::LocalTime day,
                           graph::TimeOfDay at) {
  if (!zone.day_exists(day.day)) day = zone.to_local(zone.to_instant(day));
  return calendar::at_time(day, at.minutes);
}

Aim aim_at(const calendar::Zone& zone, calendar::LocalTime local) {
  return Aim{within_calendar(zone.to_instant(local)), local};
}

base::Instant later(base::Instant from, base::Millis d) {
  base::Instant out;
  if (__builtin_add_overflow(from.millis, d.count, &out.millis)) {
    return d.count < 0 ? kFirst : base::kNever;
  }
  return within_calendar(out);
}

Timer make_timer(Timer::Purpose purpose, std::uint32_t index, const Aim& aim,
                 const calendar::Zone& zone, calendar::ZoneSource& zones) {
  Timer timer{.purpose = purpose, .index = index, .due = aim.due, .intent = std::nullopt};
  if (aim.local) timer.intent = Intent{*aim.local, zone.name(), std::string(zones.tz_version())};
  return timer;
}

void rezone(Timer& timer, const calendar::Zone& zone, calendar::ZoneSource& zones) {
  if (!timer.intent) return;
  Intent& intent = *timer.intent;
  // Of a time that the clock shows twice, the second may be the one that was meant.
  if (zone.to_local(timer.due) != intent.local) timer.due = aim_at(zone, intent.local).due;
  intent.tz_version = zones.tz_version();
}

}  // namespace sojourn::engine
