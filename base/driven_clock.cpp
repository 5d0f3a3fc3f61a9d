#include "base/driven_clock.h"

#include "base/check.h"

namespace sojourn::base {

void DrivenClock::set(Instant now) {
  const std::int64_t before = now_millis_.exchange(now.millis, std::memory_order_acq_rel);
  SOJOURN_CHECK(before <= now.millis, "a driven clock is only set forward");
}

}  // namespace sojourn::base
