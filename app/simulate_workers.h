// Lives of synthetic users on several threads. Each thread has its own zones and its
// own tally, and each life its own chance, so the number of threads cannot be seen in
// the sum.
#pragma once

#include <cstdint>

#include "simulate/life.h"
#include "simulate/tally.h"

#include "base/result.h"

namespace sojourn::app {

// `threads` at least 1. An error when the time zones cannot be read.
base::Result<simulate::Tally> simulate_lives(const simulate::Setting& setting, std::uint64_t users,
                                             int threads);

}  // namespace sojourn::app
