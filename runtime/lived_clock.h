// A clock that gives out the daemon's time (lived_time.h) in place of the wall clock under it.
// Any thread may ask; each asking is a reading.
#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "runtime/lived_time.h"

namespace sojourn::runtime {

class LivedClock final : public base::Clock {
 public:
  struct View {
    ClockState state = ClockState::kSteady;
    base::Instant now;   // the instant to live by
    base::Instant wall;  // what the clock under it says
  };

  // `under` outlives the clock. `on_change` is told of every state but that of the start, by
  // whoever asked; it must not ask the clock itself.
  LivedClock(base::Clock& under, ClockSettings settings, std::optional<base::Instant> lived,
             std::function<void(const View&)> on_change);

  base::Instant wall() override { return view().now; }
  std::int64_t monotonic_millis() override { return under_.monotonic_millis(); }
  View view();
  // See LivedTime::believe.
  bool believe();

 private:
  base::Clock& under_;
  const std::function<void(const View&)> on_change_;
  std::mutex mutex_;
  LivedTime time_;
};

}  // namespace sojourn::runtime
