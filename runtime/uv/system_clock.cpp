#include "runtime/uv/system_clock.h"

#include <ctime>

namespace sojourn::uv {
namespace {

std::int64_t read_millis(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

base::Instant SystemClock::wall() {
  return base::Instant{read_millis(CLOCK_REALTIME)};
}

std::int64_t SystemClock::monotonic_millis() {
  // It goes on while the machine sleeps: waking up is no leap of the wall clock.
  return read_millis(CLOCK_BOOTTIME);
}

}  // namespace sojourn::uv
