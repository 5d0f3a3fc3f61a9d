#include "engine/enrollment.h"

#include <algorithm>

namespace sojourn::engine {

std::optional<base::Instant> Enrollment::next_due() const {
  const auto earliest = std::ranges::min_element(timers, {}, &Timer::due);
  return earliest == timers.end() ? std::nullopt : std::optional(earliest->due);
}

}  // namespace sojourn::engine
