#include "connectors/backoff.h"

#include <algorithm>

namespace sojourn::connectors {
namespace {

// Uniform in [0, limit]: the upper 53 bits as a fraction.
base::Millis share_of(base::Millis limit, std::uint64_t random) {
  const double fraction = static_cast<double>(random >> 11) * 0x1.0p-53;
  return base::Millis{static_cast<std::int64_t>(fraction * static_cast<double>(limit.count + 1))};
}

base::Millis limit_of(std::uint32_t attempt, const BackoffPolicy& policy) {
  base::Millis limit = policy.base;
  for (std::uint32_t i = 1; i < attempt && limit < policy.cap; ++i) limit.count *= 2;
  return std::min(limit, policy.cap);
}

}  // namespace

base::Millis backoff(std::uint32_t attempt, std::uint64_t random,
                     std::optional<base::Millis> retry_after, const BackoffPolicy& policy) {
  const base::Millis jittered = share_of(limit_of(attempt, policy), random);
  const base::Millis asked =
      std::clamp(retry_after.value_or(base::Millis{0}), base::Millis{0}, policy.retry_after_cap);
  return base::Millis{asked.count + jittered.count};
}

}  // namespace sojourn::connectors
