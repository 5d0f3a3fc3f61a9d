// How long to wait before the next attempt. Pure: randomness is an argument.
#pragma once

#include <cstdint>
#include <optional>

#include "base/instant.h"

namespace sojourn::connectors {

struct BackoffPolicy {
  base::Millis base = base::seconds(1);           // limit of the first wait
  base::Millis cap = base::minutes(15);           // limit of every wait
  base::Millis retry_after_cap = base::hours(1);  // longest stay away we obey
};

// After the `attempt`-th attempt (from 1) failed. Full jitter: anything from zero
// to base * 2^(attempt-1), at most `cap`, chosen by `random` (64 uniform bits).
// A time named by the provider (up to `retry_after_cap`) comes on top, so it is
// obeyed and not everybody comes back at its very end.
base::Millis backoff(std::uint32_t attempt, std::uint64_t random,
                     std::optional<base::Millis> retry_after, const BackoffPolicy& policy = {});

}  // namespace sojourn::connectors
