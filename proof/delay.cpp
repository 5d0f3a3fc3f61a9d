#include "proof/delay.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/civil.h"
#include "calendar/arithmetic.h"

namespace sojourn::proof {
namespace {

using base::Millis;
using graph::Duration;

constexpr Millis kDay = base::days24(1);
// Nothing lasts longer than the years that the calendar has, and a wait may begin late.
constexpr Millis kLongestLeast = base::days24(365 * 1000);
// Beyond this, months are not counted out.
constexpr std::int32_t kMostMonths = 12 * 1000;

struct Days {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

// Going by calendar, only the length of months and the leap days in between matter:
// two stretches of years have all there is, one with and one without the leap day of
// its century. Days after the 28th may be cut to the end of a shorter month.
Days days_of_months(std::int32_t months) {
  struct Years {
    int first;
    int last;
  };
  constexpr std::array kStretches{Years{1892, 1904}, Years{1996, 2004}};
  constexpr std::array kDaysOfMonth{1, 28, 29, 30, 31};
  Days days{INT64_MAX, INT64_MIN};
  for (const Years& years : kStretches) {
    for (int year = years.first; year <= years.last; ++year) {
      for (int month = 1; month <= 12; ++month) {
        for (const int day : kDaysOfMonth) {
          if (day > base::days_in_month(year, month)) continue;
          const auto from = static_cast<std::int32_t>(base::days_from_civil({year, month, day}));
          const auto to = calendar::add(calendar::LocalTime{from, 0}, months, 0);
          if (!to) continue;
          days.least = std::min<std::int64_t>(days.least, to->day - from);
          days.most = std::max<std::int64_t>(days.most, to->day - from);
        }
      }
    }
  }
  return days;
}

Duration signed_duration(const Duration& d, bool before) {
  return before ? Duration{-d.months, -d.days, -d.millis} : d;
}

bool by_calendar(const Duration& d, const std::optional<graph::TimeOfDay>& at) {
  return d.months != 0 || d.days != 0 || at.has_value();
}

Millis minutes_of(const graph::TimeOfDay& at) {
  return base::minutes(at.minutes);
}

// `d` may be negative in all parts.
Delay moment(const Duration& d, const std::optional<graph::TimeOfDay>& at) {
  if (d.months > kMostMonths || d.months < -kMostMonths) {
    return d.months > 0 ? Delay{kLongestLeast, kForever}
                        : Delay{Millis{-kForever.count}, Millis{-kLongestLeast.count}};
  }
  const Days months = d.months == 0 ? Days{} : days_of_months(d.months);
  const Millis elapsed{std::clamp(d.millis, -kForever.count, kForever.count)};
  Delay out{plus(base::days24(months.least + d.days), elapsed),
            plus(base::days24(months.most + d.days), elapsed)};
  if (at) {
    // The moment reached has some time of day, from midnight to just before the next.
    out.least.count += minutes_of(*at).count - kDay.count + 1;
    out.most = plus(out.most, minutes_of(*at));
  }
  if (by_calendar(d, at)) {
    out.least.count -= kLargestClockChange.count;
    out.most = plus(out.most, kLargestClockChange);
  }
  return out;
}

// A moment as a reading of the clock relative to T's: exact when it is made of days
// and a time of day, or of days and elapsed time.
bool has_plain_reading(const graph::Rung& rung) {
  return rung.offset.months == 0 && (!rung.at || rung.offset.millis == 0);
}

}  // namespace

Millis plus(Millis a, Millis b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.count, b.count, &sum) || sum > kForever.count) return kForever;
  return Millis{sum};
}

Delay delay_of(const Duration& duration, std::optional<graph::TimeOfDay> at) {
  const Delay reached = moment(duration, at);
  return {std::clamp(reached.least, Millis{0}, kLongestLeast), std::max(reached.most, Millis{0})};
}

Delay moment_of(const graph::Rung& rung) {
  return moment(signed_duration(rung.offset, rung.before), rung.at);
}

Millis least_between(const graph::Rung& a, const graph::Rung& b) {
  if (has_plain_reading(a) && has_plain_reading(b) && a.at.has_value() == b.at.has_value()) {
    const Duration from = signed_duration(a.offset, a.before);
    const Duration to = signed_duration(b.offset, b.before);
    const std::int32_t minutes = a.at ? b.at->minutes - a.at->minutes : 0;
    const Millis between = plus(base::days24(to.days - from.days),
                                Millis{to.millis - from.millis + base::minutes(minutes).count});
    // From one reading of the clock there is no change of it in between.
    const bool one_reading = from.days == to.days && minutes == 0;
    return one_reading ? between : plus(between, Millis{-kLargestClockChange.count});
  }
  return plus(moment_of(b).least, Millis{-moment_of(a).most.count});
}

}  // namespace sojourn::proof
