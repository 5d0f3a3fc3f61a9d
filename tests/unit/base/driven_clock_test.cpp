#include "base/driven_clock.h"

#include <gtest/gtest.h>

namespace sojourn::base {
namespace {

TEST(DrivenClock, StandsStillUntilSetAndMovesBothTimes) {
  DrivenClock clock(Instant{5'000});
  EXPECT_EQ(clock.wall(), Instant{5'000});
  EXPECT_EQ(clock.monotonic_millis(), 0);
  clock.set(Instant{6'500});
  EXPECT_EQ(clock.wall(), Instant{6'500});
  EXPECT_EQ(clock.monotonic_millis(), 1'500);
  clock.set(Instant{6'500});
  EXPECT_EQ(clock.wall(), Instant{6'500});
}

TEST(DrivenClock, ItsWallClockIsSetAlone) {
  DrivenClock clock(Instant{5'000});
  clock.set(Instant{6'000});
  clock.set_wall_alone(Instant{2'000});
  EXPECT_EQ(clock.wall(), Instant{2'000});
  EXPECT_EQ(clock.monotonic_millis(), 1'000);
  clock.set(Instant{2'500});
  EXPECT_EQ(clock.monotonic_millis(), 1'500);
}

TEST(DrivenClockDeathTest, IsNeverSetBack) {
  DrivenClock clock(Instant{5'000});
  EXPECT_DEATH(clock.set(Instant{4'999}), "only set forward");
}

}  // namespace
}  // namespace sojourn::base
