// A clock that stands still until it is told otherwise. Any thread may ask or set.
#pragma once

#include <mutex>

#include "base/clock.h"

namespace sojourn::base {

class DrivenClock final : public Clock {
 public:
  explicit DrivenClock(Instant start) : wall_(start) {}

  Instant wall() override;
  std::int64_t monotonic_millis() override;

  // Time passes: both clocks move. `now` must not lie before the present; setting the present
  // again changes nothing.
  void set(Instant now);
  // Somebody sets the wall clock, forward or back; no time passes.
  void set_wall_alone(Instant wall);

 private:
  std::mutex mutex_;
  Instant wall_;
  std::int64_t monotonic_millis_ = 0;
};

}  // namespace sojourn::base
