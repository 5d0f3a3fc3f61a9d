#include "bench/wire/clock.h"

#include <chrono>
#include <ctime>

namespace sojourn::bench {

std::int64_t monotonic_micros() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::int64_t process_cpu_micros() {
  return std::int64_t{std::clock()} * 1'000'000 / CLOCKS_PER_SEC;
}

base::Instant wall_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return base::Instant{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

}  // namespace sojourn::bench
