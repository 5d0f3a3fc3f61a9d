#include "runtime/lived_clock.h"

#include <utility>

namespace sojourn::runtime {
namespace {

// A thread that is held up between the two clocks would see a leap that there was not.
constexpr std::int64_t kMostBetweenMillis = 100;
constexpr int kMostTries = 5;

ClockReading read_both(base::Clock& clock) {
  ClockReading reading;
  for (int i = 0; i < kMostTries; ++i) {
    reading.monotonic_millis = clock.monotonic_millis();
    reading.wall = clock.wall();
    if (clock.monotonic_millis() - reading.monotonic_millis <= kMostBetweenMillis) break;
  }
  return reading;
}

}  // namespace

LivedClock::LivedClock(base::Clock& under, ClockSettings settings,
                       std::optional<base::Instant> lived,
                       std::function<void(const View&)> on_change)
    : under_(under), on_change_(std::move(on_change)), time_(settings, read_both(under), lived) {}

LivedClock::View LivedClock::view() {
  const std::lock_guard lock(mutex_);
  const ClockState before = time_.state();
  const ClockReading reading = read_both(under_);
  const base::Instant now = time_.read(reading);
  const View view{time_.state(), now, reading.wall};
  if (view.state != before) on_change_(view);
  return view;
}

bool LivedClock::believe() {
  const std::lock_guard lock(mutex_);
  return time_.believe();
}

}  // namespace sojourn::runtime
