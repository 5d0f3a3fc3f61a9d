#include "runtime/lane.h"

#include <algorithm>

#include "base/check.h"
#include "base/random.h"

namespace sojourn::runtime {
std::size_t Lane::room(base::Instant now) {
  if (paused_until_ > now) return 0;
  const std::uint32_t allowed = breaker_.allowed(now);
  if (in_flight_ >= allowed) return 0;
  return std::min<std::size_t>(allowed - in_flight_, budget_.available(now));
}

void Lane::claim(base::Instant now) {
  breaker_.begin(now);
  budget_.take(now);
  ++in_flight_;
}

Lane::Change Lane::end(connectors::Health health, std::string_view why, base::Instant now,
                       base::Random& random) {
  SOJOURN_CHECK(in_flight_ > 0, "an attempt ends once");
  --in_flight_;
  // Chance is asked only when something failed, so that what goes well draws none of it.
  const bool failed = health == connectors::Health::kFailing;
  switch (breaker_.end(health, why, now, failed ? random.next() : 0)) {
    case Breaker::Change::kOpened:
      return Change::kOpened;
    case Breaker::Change::kClosed:
      return Change::kClosed;
    case Breaker::Change::kNone:
      break;
  }
  const bool cut = health == connectors::Health::kTooFast && budget_.too_fast(now);
  return cut ? Change::kSlowed : Change::kNone;
}

void Lane::pause(base::Instant until) {
  paused_until_ = std::max(paused_until_, until);
}

base::Instant Lane::shut_until() const {
  return std::max(paused_until_, breaker_.rests_until());
}

bool Lane::is_merely_full(base::Instant now) const {
  const bool is_well = breaker_.state(now) == Breaker::State::kClosed && paused_until_ <= now;
  return is_well && in_flight_ >= breaker_.allowed(now);
}

base::Instant Lane::next_opening(base::Instant now) {
  if (room(now) > 0) return base::kNever;
  const base::Instant shut = shut_until();
  if (shut > now) return shut;
  if (in_flight_ >= breaker_.allowed(now)) return base::kNever;
  return budget_.next_token(now);
}

LaneReport Lane::report(std::string_view name, base::Instant now) {
  LaneReport out;
  out.name = name;
  out.in_flight = in_flight_;
  out.allowed = breaker_.allowed(now);
  out.limit = breaker_.limit();
  out.breaker = breaker_.state(now);
  if (out.breaker != Breaker::State::kClosed) {
    out.since = breaker_.since();
    out.why = breaker_.why();
  }
  if (shut_until() > now) out.until = shut_until();
  out.is_slowed = budget_.is_slowed(now);
  if (out.is_slowed) out.slowed_since = budget_.slowed_since();
  out.configured_per_second = budget_.configured();
  out.believed_per_second = budget_.believed(now);
  return out;
}

std::uint32_t in_flight_of(std::span<const Lane> lanes) {
  std::uint32_t sum = 0;
  for (const Lane& lane : lanes) sum += lane.in_flight();
  return sum;
}

}  // namespace sojourn::runtime
