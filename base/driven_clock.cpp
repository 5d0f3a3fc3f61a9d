#include "base/driven_clock.h"

#include "base/check.h"

namespace sojourn::base {

Instant DrivenClock::wall() {
  const std::lock_guard lock(mutex_);
  return wall_;
}

std::int64_t DrivenClock::monotonic_millis() {
  const std::lock_guard lock(mutex_);
  return monotonic_millis_;
}

void DrivenClock::set(Instant now) {
  const std::lock_guard lock(mutex_);
  SOJOURN_CHECK(wall_ <= now, "a driven clock is only set forward");
  monotonic_millis_ += (now - wall_).count;
  wall_ = now;
}

void DrivenClock::set_wall_alone(Instant wall) {
  const std::lock_guard lock(mutex_);
  wall_ = wall;
}

}  // namespace sojourn::base
