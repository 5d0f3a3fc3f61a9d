// The operating system's clocks: the only place that asks them. Any thread.
#pragma once

#include "base/clock.h"

namespace sojourn::uv {

class SystemClock final : public base::Clock {
 public:
  base::Instant wall() override;
  std::int64_t monotonic_millis() override;
};

}  // namespace sojourn::uv
