#include "calendar/zone.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/hash.h"

namespace sojourn::calendar {
namespace {

constexpr std::int64_t kMillisPerDay = 86'400'000;
// Instants so far out that their day would not fit LocalTime::day are read as
// the last that do; no journey gets there.
constexpr std::int64_t kFurthestMillis = 2'000'000'000 * kMillisPerDay;
// No zone was ever further from UTC than this.
constexpr std::int64_t kWidestOffsetMillis = std::int64_t{26} * 3'600'000;

bool in_order(const std::vector<Zone::Transition>& transitions) {
  return std::ranges::is_sorted(transitions, std::ranges::less_equal{}, &Zone::Transition::at);
}

}  // namespace

Zone::Zone(std::string name, std::int32_t first_offset_seconds, std::vector<Transition> transitions)
    : name_(std::move(name)),
      first_offset_seconds_(first_offset_seconds),
      transitions_(std::move(transitions)) {
  SOJOURN_CHECK(in_order(transitions_), "a zone's transitions are given in order of time");
}

std::int32_t Zone::offset_at(base::Instant t) const {
  const auto next = std::ranges::upper_bound(transitions_, t, {}, &Transition::at);
  return next == transitions_.begin() ? first_offset_seconds_ : std::prev(next)->offset_seconds;
}

std::optional<base::Instant> Zone::next_transition(base::Instant t) const {
  const auto next = std::ranges::upper_bound(transitions_, t, {}, &Transition::at);
  if (next == transitions_.end()) return std::nullopt;
  return next->at;
}

LocalTime Zone::to_local(base::Instant t) const {
  t.millis = std::clamp(t.millis, -kFurthestMillis, kFurthestMillis);
  const std::int64_t local = t.millis + std::int64_t{offset_at(t)} * 1000;
  std::int64_t day = local / kMillisPerDay;
  std::int64_t millis = local % kMillisPerDay;
  if (millis < 0) {
    millis += kMillisPerDay;
    --day;
  }
  return LocalTime{static_cast<std::int32_t>(day), static_cast<std::int32_t>(millis)};
}

// Walks the stretches of equal offset around the reading, in order of time. The
// first stretch that ends after the reading decides: it shows the reading, or
// began past it, and then the reading lies in the gap at its beginning.
base::Instant Zone::to_instant(LocalTime local) const {
  const std::int64_t reading = std::int64_t{local.day} * kMillisPerDay + local.millis;
  const base::Instant earliest{reading - kWidestOffsetMillis};
  auto next = std::ranges::upper_bound(transitions_, earliest, {}, &Transition::at);
  auto offset =
      next == transitions_.begin() ? first_offset_seconds_ : std::prev(next)->offset_seconds;
  base::Instant begin = earliest;
  while (true) {
    const base::Instant candidate{reading - std::int64_t{offset} * 1000};
    if (next == transitions_.end() || candidate < next->at) return std::max(candidate, begin);
    begin = next->at;
    offset = next->offset_seconds;
    ++next;
  }
}

bool Zone::day_exists(std::int32_t day) const {
  return to_local(to_instant(LocalTime{day, 0})).day == day;
}

std::uint64_t ZoneSource::rules_fingerprint() const {
  return base::stable_hash64(tz_version());
}

}  // namespace sojourn::calendar
