// Where time comes from: the one seam between the program and the passing of
// time. The wall clock says what date it is and may jump; the monotonic clock only
// measures spans, sleep of the machine included, and never goes back. The real one is
// uv::SystemClock; tests, the simulator and the demo use DrivenClock. Implementations may be asked
// from any thread. The engine never sees a clock: it is given `now`.
#pragma once

#include <cstdint>

#include "base/instant.h"

namespace sojourn::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant wall() = 0;
  // Milliseconds since an arbitrary start.
  virtual std::int64_t monotonic_millis() = 0;
};

}  // namespace sojourn::base
