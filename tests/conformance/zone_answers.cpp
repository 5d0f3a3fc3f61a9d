// Answers questions about local time with the code that journeys go by, for
// zone_conformance.py to hold against its own answers. A question is a line of standard
// input, its answer a line of standard output:
//
//   zone NAME                         known, or unknown; what follows goes by this zone
//   shows INSTANT                     READING
//   first READING                     INSTANT
//   exists DAY                        1 or 0
//   changes FROM TO                   the instants after FROM and up to TO, and what the
//                                     clock shows then: INSTANT READING …
//   every FROM DAYS MINUTE COUNT      `enter every`, `wait until`: INSTANT READING …
//   aim FROM WAY D MINUTE             `wait D at`, `D before at`: INSTANT, and the READING
//                                     that was chosen or -
//   plus FROM WAY D                   `t + D`, `t - D`: INSTANT
//   moved OTHER FROM WAY D MINUTE     where `aim` is due: here, once the person has moved to
//                                     the zone OTHER, and when they are back
//
// INSTANT and FROM are milliseconds since 1970 in UTC, a READING is the same of a wall clock,
// a DAY is days since 1970. WAY is `after` or `before`, D is MONTHS DAYS MILLIS, MINUTE is
// that of the day or -1. DAYS is `every`, `week MASK` (1 is Monday, 64 Sunday) or `month N`.
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "calendar/arithmetic.h"
#include "calendar/tzdata/system_zones.h"
#include "engine/aim.h"
#include "engine/day_rule.h"

namespace sojourn {
namespace {

constexpr std::int64_t kMillisPerDay = 86'400'000;

[[noreturn]] void give_up(const std::string& why) {
  std::cerr << "zone_answers: " << why << '\n';
  std::exit(2);
}

std::int64_t number_of(calendar::LocalTime reading) {
  return reading.day * kMillisPerDay + reading.millis;
}

calendar::LocalTime reading_of(std::int64_t number) {
  const std::int64_t past_midnight = (number % kMillisPerDay + kMillisPerDay) % kMillisPerDay;
  return {static_cast<std::int32_t>((number - past_midnight) / kMillisPerDay),
          static_cast<std::int32_t>(past_midnight)};
}

class Answers {
 public:
  explicit Answers(calendar::ZoneSource& zones) : zones_(zones) {}

  // Until the questions end.
  void give() {
    static const std::map<std::string, void (Answers::*)(), std::less<>> kKinds{
        {"zone", &Answers::zone},     {"shows", &Answers::shows},     {"first", &Answers::first},
        {"exists", &Answers::exists}, {"changes", &Answers::changes}, {"every", &Answers::every},
        {"aim", &Answers::aim},       {"plus", &Answers::plus},       {"moved", &Answers::moved}};
    for (std::string kind; std::cin >> kind;) {
      const auto known = kKinds.find(kind);
      if (known == kKinds.end()) give_up("no such question: " + kind);
      (this->*known->second)();
      std::cout << '\n';
    }
  }

 private:
  struct Away {
    base::Instant from;
    bool before = false;
    graph::Duration by;
  };

  template <typename T>
  static T next() {
    T word{};
    if (!(std::cin >> word)) give_up("a question ends too early");
    return word;
  }
  static base::Instant next_instant() { return base::Instant{next<std::int64_t>()}; }
  static std::optional<graph::TimeOfDay> next_time_of_day() {
    const auto minute = next<std::int32_t>();
    return minute < 0 ? std::nullopt : std::optional(graph::TimeOfDay{minute});
  }
  static Away next_away() {
    Away away;
    away.from = next_instant();
    away.before = next<std::string>() == "before";
    away.by.months = next<std::int32_t>();
    away.by.days = next<std::int32_t>();
    away.by.millis = next<std::int64_t>();
    return away;
  }
  static graph::DayRule next_days() {
    graph::DayRule rule;
    const auto kind = next<std::string>();
    if (kind == "week") {
      rule.kind = graph::DayRule::Kind::kOfWeek;
      rule.weekdays = static_cast<std::uint8_t>(next<int>());
    } else if (kind == "month") {
      rule.kind = graph::DayRule::Kind::kOfMonth;
      rule.day_of_month = static_cast<std::uint8_t>(next<int>());
    }
    return rule;
  }

  static const calendar::Zone& known(const calendar::Zone* zone) {
    if (zone == nullptr) give_up("asked of a zone that is not known");
    return *zone;
  }
  const calendar::Zone& here() const { return known(zone_); }

  void zone() {
    zone_ = zones_.find(next<std::string>());
    std::cout << (zone_ == nullptr ? "unknown" : "known");
  }

  void shows() { std::cout << number_of(here().to_local(next_instant())); }

  void first() { std::cout << here().to_instant(reading_of(next<std::int64_t>())).millis; }

  void exists() { std::cout << here().day_exists(next<std::int32_t>()); }

  void changes() {
    const base::Instant from = next_instant();
    const base::Instant to = next_instant();
    std::cout << "at";
    for (auto at = here().next_transition(from); at && *at <= to;
         at = here().next_transition(*at)) {
      std::cout << ' ' << at->millis << ' ' << number_of(here().to_local(*at));
    }
  }

  void every() {
    base::Instant at = next_instant();
    const graph::DayRule days = next_days();
    const graph::TimeOfDay time{next<std::int32_t>()};
    std::cout << "at";
    for (auto left = next<int>(); left > 0; --left) {
      const auto reading = engine::next_reading(here(), days, time, at);
      if (!reading) give_up("a series ends");
      at = engine::aim_at(here(), *reading).due;
      std::cout << ' ' << at.millis << ' ' << number_of(*reading);
    }
  }

  engine::Aim next_aim() {
    const Away away = next_away();
    return engine::aim(here(), away.from, away.by, away.before, next_time_of_day());
  }

  void aim() {
    const engine::Aim target = next_aim();
    std::cout << target.due.millis << ' ';
    if (target.local) {
      std::cout << number_of(*target.local);
    } else {
      std::cout << '-';
    }
  }

  void plus() {
    const Away away = next_away();
    const int sign = away.before ? -1 : 1;
    const auto reached = calendar::add(here(), away.from, sign * away.by.months,
                                       sign * away.by.days, sign * away.by.millis);
    if (!reached) give_up("a sum leaves the calendar");
    std::cout << reached->millis;
  }

  void moved() {
    const calendar::Zone& other = known(zones_.find(next<std::string>()));
    engine::Timer timer =
        engine::make_timer(engine::Timer::Purpose::kWait, 0, next_aim(), here(), zones_);
    std::cout << timer.due.millis;
    for (const calendar::Zone* zone : {&other, zone_}) {
      engine::rezone(timer, *zone, zones_);
      std::cout << ' ' << timer.due.millis;
    }
  }

  calendar::ZoneSource& zones_;
  const calendar::Zone* zone_ = nullptr;
};

}  // namespace
}  // namespace sojourn

int main() {
  std::ios::sync_with_stdio(false);
  std::cin.tie(nullptr);
  auto zones = sojourn::tzdata::SystemZones::open();
  if (!zones) sojourn::give_up(zones.error().message);
  sojourn::Answers(**zones).give();
}
