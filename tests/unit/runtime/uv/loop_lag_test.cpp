#include "runtime/uv/loop_lag.h"

#include <gtest/gtest.h>
#include <optional>
#include <vector>

#include "runtime/uv/loop.h"
#include "runtime/uv/system_clock.h"

namespace sojourn::uv {
namespace {

TEST(LoopLag, SaysHowLongTheLoopWasHeldUp) {
  constexpr std::int64_t kHeldUp = 80;
  constexpr base::Millis kEvery{10};
  Loop loop;
  SystemClock clock;
  std::optional<base::Millis> worst;
  const LoopLag lag(
      loop,
      [&](base::Millis late) {
        worst = late;
        loop.stop();
      },
      kEvery);
  // Holds the loop up for a span of its own clock, however fast the machine is.
  loop.post([&] {
    const std::int64_t until = clock.monotonic_millis() + kHeldUp;
    while (clock.monotonic_millis() < until) {
    }
  });
  loop.run();
  ASSERT_TRUE(worst.has_value());
  // libuv and the clock each count whole milliseconds.
  EXPECT_GE(worst->count, kHeldUp - kEvery.count - 2);
}

TEST(LoopLag, GoesOnMeasuring) {
  Loop loop;
  std::vector<base::Millis> seen;
  const LoopLag lag(
      loop,
      [&](base::Millis late) {
        seen.push_back(late);
        if (seen.size() == 3) loop.stop();
      },
      base::Millis{1});
  loop.run();
  ASSERT_EQ(seen.size(), 3U);
  for (const base::Millis late : seen) EXPECT_GE(late.count, 0);
}

}  // namespace
}  // namespace sojourn::uv
