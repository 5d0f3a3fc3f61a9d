#include "base/driven_clock.h"

#include "base/check.h"

namespace sojourn::base {

// The monotonic clock first: who asks in between sees a wall clock that is behind, never one
// that has leapt ahead.
void DrivenClock::set(Instant now) {
  const std::int64_t passed = now.millis - wall_millis_.load(std::memory_order_acquire);
  SOJOURN_CHECK(passed >= 0, "a driven clock is only set forward");
  monotonic_millis_.fetch_add(passed, std::memory_order_acq_rel);
  wall_millis_.store(now.millis, std::memory_order_release);
}

void DrivenClock::set_wall_alone(Instant wall) {
  wall_millis_.store(wall.millis, std::memory_order_release);
}

}  // namespace sojourn::base
