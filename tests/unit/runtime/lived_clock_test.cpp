#include "runtime/lived_clock.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "base/driven_clock.h"

namespace sojourn::runtime {
namespace {

using base::hours;

constexpr base::Instant kStart{1'772'355'600'000};

class LivedClockTest : public testing::Test {
 protected:
  LivedClock clock(std::optional<base::Instant> lived = {}) {
    return LivedClock(under, {}, lived, [this](const LivedClock::View& view) {
      changes.emplace_back(to_string(view.state));
    });
  }

  base::DrivenClock under{kStart};
  std::vector<std::string> changes;
};

TEST_F(LivedClockTest, TellsOfEveryChangeOnce) {
  LivedClock lived = clock();
  EXPECT_EQ(lived.wall(), kStart);
  under.set_wall_alone(kStart + hours(48));
  EXPECT_EQ(lived.wall(), kStart);
  EXPECT_EQ(lived.wall(), kStart);
  const LivedClock::View doubted = lived.view();
  EXPECT_EQ(doubted.now, kStart);
  EXPECT_EQ(doubted.wall, kStart + hours(48));
  under.set_wall_alone(kStart);
  EXPECT_EQ(lived.wall(), kStart);
  under.set_wall_alone(kStart - hours(1));
  EXPECT_EQ(lived.wall(), kStart);
  EXPECT_EQ(changes, (std::vector<std::string>{"doubted", "steady", "behind"}));
}

TEST_F(LivedClockTest, SaysNothingOfHowItStarts) {
  LivedClock lived = clock(kStart + hours(1));
  EXPECT_EQ(lived.view().state, ClockState::kBehind);
  EXPECT_TRUE(changes.empty());
  under.set(kStart + hours(1));
  EXPECT_EQ(lived.wall(), kStart + hours(1));
  EXPECT_EQ(changes, (std::vector<std::string>{"steady"}));
}

TEST_F(LivedClockTest, GoesByAWallClockThatIsAccepted) {
  LivedClock lived = clock(kStart - hours(24 * 30));
  EXPECT_EQ(lived.wall(), kStart - hours(24 * 30));
  EXPECT_TRUE(lived.believe());
  EXPECT_EQ(lived.wall(), kStart);
  EXPECT_FALSE(lived.believe());
}

// Held up between its two clocks, now and then.
class SlowClock final : public base::Clock {
 public:
  base::Instant wall() override {
    if (++readings_ % 3 == 0) millis_ += 60'000;
    return kStart + base::Millis{millis_};
  }
  std::int64_t monotonic_millis() override { return millis_; }

 private:
  std::int64_t millis_ = 0;
  int readings_ = 0;
};

TEST_F(LivedClockTest, TakesNoLeapFromBeingHeldUp) {
  SlowClock slow;
  LivedClock lived(slow, {}, {}, [](const LivedClock::View&) { FAIL(); });
  for (int i = 0; i < 10; ++i) EXPECT_EQ(lived.view().state, ClockState::kSteady);
}

}  // namespace
}  // namespace sojourn::runtime
