// The benchmarks' only clocks. Measurements use the monotonic one; the floor's
// durable due times use the wall clock, because they outlive the process.
#pragma once

#include <cstdint>

#include "base/instant.h"

namespace sojourn::bench {

std::int64_t monotonic_micros();
// CPU time of this process so far, all threads together.
std::int64_t process_cpu_micros();
base::Instant wall_now();

}  // namespace sojourn::bench
