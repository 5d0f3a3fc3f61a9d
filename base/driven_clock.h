// A clock that stands still until it is told otherwise. Any thread may ask; one at a time sets.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/clock.h"

namespace sojourn::base {

class DrivenClock final : public Clock {
 public:
  explicit DrivenClock(Instant start) : wall_millis_(start.millis) {}

  Instant wall() override { return Instant{wall_millis_.load(std::memory_order_acquire)}; }
  std::int64_t monotonic_millis() override {
    return monotonic_millis_.load(std::memory_order_acquire);
  }

  // Time passes: both clocks move. `now` must not lie before the present; setting the present
  // again changes nothing.
  void set(Instant now);
  // Somebody sets the wall clock, forward or back; no time passes.
  void set_wall_alone(Instant wall);

 private:
  std::atomic<std::int64_t> wall_millis_;
  std::atomic<std::int64_t> monotonic_millis_ = 0;
};

}  // namespace sojourn::base
