// A clock that stands still until it is told otherwise. Wall and monotonic time
// move together and only forward. Any thread may ask or set.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace sojourn::base {

class DrivenClock final : public Clock {
 public:
  explicit DrivenClock(Instant start) : start_millis_(start.millis), now_millis_(start.millis) {}

  Instant wall() override { return Instant{now_millis_.load(std::memory_order_acquire)}; }
  std::int64_t monotonic_millis() override { return wall().millis - start_millis_; }

  // `now` must not lie before the present; setting the present again changes nothing.
  void set(Instant now);

 private:
  const std::int64_t start_millis_;
  std::atomic<std::int64_t> now_millis_;
};

}  // namespace sojourn::base
