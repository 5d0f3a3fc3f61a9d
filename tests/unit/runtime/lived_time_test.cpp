#include "runtime/lived_time.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <vector>

#include "base/random.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using base::Instant;
using base::Millis;
using base::minutes;
using base::seconds;

constexpr Instant kStart{1'772'355'600'000};  // 2026-03-01T09:00Z

// A machine: true time passes, and somebody sets its wall clock.
class Machine {
 public:
  explicit Machine(std::optional<Instant> lived = {}, Millis wrong_by = {}, ClockSettings s = {})
      : settings(s), wrong_by_(wrong_by), time_(settings, reading(), lived) {}

  Instant pass(Millis time) {
    monotonic_ += time.count;
    return read();
  }
  // As a daemon does it: a look every second.
  Instant pass_in_seconds(Millis time) {
    for (std::int64_t passed = 0; passed < time.count; passed += 1'000) pass(seconds(1));
    return time_.lived();
  }
  Instant set_wall_by(Millis step) {
    wrong_by_.count += step.count;
    return read();
  }
  Instant read() { return time_.read(reading()); }
  Instant lived() const { return time_.lived(); }
  Instant truly() const { return kStart + Millis{monotonic_}; }
  Instant wall() const { return truly() + wrong_by_; }
  ClockState state() const { return time_.state(); }
  bool believe() { return time_.believe(); }

  const ClockSettings settings;

 private:
  ClockReading reading() const { return {wall(), monotonic_}; }

  std::int64_t monotonic_ = 0;
  Millis wrong_by_;
  LivedTime time_;
};

TEST(LivedTime, IsTheWallClockWhileThatGoesWell) {
  Machine machine;
  for (const Millis time : {Millis{0}, Millis{1}, seconds(1), hours(3), days24(40)}) {
    machine.pass(time);
    EXPECT_EQ(machine.lived(), machine.wall());
    EXPECT_EQ(machine.state(), ClockState::kSteady);
  }
  EXPECT_FALSE(machine.believe()) << "there is nothing to believe";
}

TEST(LivedTime, StandsStillBehindAClockThatIsSetBack) {
  Machine machine;
  const Instant before = machine.pass(hours(5));
  EXPECT_EQ(machine.set_wall_by(hours(-1)), before);
  EXPECT_EQ(machine.state(), ClockState::kBehind);
  EXPECT_EQ(machine.pass(minutes(59)), before);
  EXPECT_EQ(machine.state(), ClockState::kBehind);
  EXPECT_EQ(machine.pass(minutes(2)), before + minutes(1)) << "the wall clock has caught up";
  EXPECT_EQ(machine.state(), ClockState::kSteady);
  machine.pass(hours(1));
  EXPECT_EQ(machine.lived(), machine.wall());
}

TEST(LivedTime, GoesOnByTheMonotonicClockUnderOneThatLeapsAhead) {
  Machine machine;
  const Instant before = machine.pass(hours(5));
  EXPECT_EQ(machine.set_wall_by(days24(2)), before);
  EXPECT_EQ(machine.state(), ClockState::kDoubted);
  EXPECT_EQ(machine.pass(minutes(30)), before + minutes(30));
  machine.set_wall_by(days24(-2));
  EXPECT_EQ(machine.state(), ClockState::kSteady);
  EXPECT_EQ(machine.read(), machine.truly());
}

TEST(LivedTime, BelievesALeapThatHasStood) {
  Machine machine;
  machine.set_wall_by(days24(2));
  machine.pass(Millis{machine.settings.settle.count - 1});
  EXPECT_EQ(machine.lived(), machine.truly());
  machine.pass(Millis{1});
  EXPECT_EQ(machine.lived(), machine.truly() + days24(2));
  EXPECT_EQ(machine.state(), ClockState::kSteady);
}

TEST(LivedTime, BelievesALeapThatTheOperatorAccepts) {
  Machine machine;
  machine.set_wall_by(days24(2));
  EXPECT_TRUE(machine.believe());
  EXPECT_EQ(machine.read(), machine.truly() + days24(2));
  EXPECT_EQ(machine.state(), ClockState::kSteady);
  EXPECT_FALSE(machine.believe());
}

TEST(LivedTime, AFlappingClockLeadsNowhere) {
  Machine machine;
  // Two days ahead and an hour back in turn, for ten hours: neither stands.
  for (int i = 0; i < 40; ++i) {
    machine.set_wall_by(i % 2 == 0 ? days24(2) : hours(-49));
    machine.pass(minutes(15));
    EXPECT_LE(machine.lived(), machine.truly());
    if (i % 2 == 1) machine.set_wall_by(hours(1));
  }
  machine.read();
  EXPECT_EQ(machine.state(), ClockState::kSteady);
  EXPECT_EQ(machine.read(), machine.truly());
}

TEST(LivedTime, AClockThatWasSetBackForGoodIsTheOneToJudgeBy) {
  Machine machine;
  machine.pass(hours(5));
  machine.set_wall_by(hours(-1));
  machine.pass(hours(2));
  machine.pass(hours(1));
  EXPECT_EQ(machine.read(), machine.wall());
  const Instant before = machine.read();
  EXPECT_EQ(machine.set_wall_by(hours(1)), before) << "what it said once is a leap now";
  EXPECT_EQ(machine.state(), ClockState::kDoubted);
}

TEST(LivedTime, FollowsSmallStepsAheadSlowlyAndBackAtOnce) {
  Machine machine;
  machine.pass(Millis{10});
  machine.set_wall_by(seconds(8));
  EXPECT_EQ(machine.state(), ClockState::kSteady);
  EXPECT_EQ(machine.read(), machine.truly());
  machine.pass(seconds(20));
  EXPECT_EQ(machine.lived(), machine.truly() + seconds(1)) << "by 5 %";
  machine.pass_in_seconds(minutes(4));
  EXPECT_EQ(machine.read(), machine.wall());
  const Instant before = machine.read();
  EXPECT_EQ(machine.set_wall_by(seconds(-8)), before);
  EXPECT_EQ(machine.state(), ClockState::kSteady);
  EXPECT_EQ(machine.pass(seconds(8)), before);
  machine.pass(seconds(1));
  EXPECT_EQ(machine.lived(), machine.wall());
}

TEST(LivedTime, ManySmallStepsAreNotFollowedFasterThanTheyMay) {
  Machine machine;
  // Each is within the tolerance of what is believed by then.
  for (int i = 0; i < 1'000; ++i) {
    machine.set_wall_by(seconds(5));
    machine.pass(seconds(1));
  }
  EXPECT_LE(machine.read(), machine.truly() + seconds(51))
      << "5 % of 1000 s, and one to begin with";
}

TEST(LivedTime, FollowsAClockThatDrifts) {
  Machine machine;
  for (int i = 0; i < 10'000; ++i) {
    machine.pass(seconds(1));
    machine.set_wall_by(Millis{i % 2});  // 500 in a million
  }
  EXPECT_EQ(machine.read(), machine.wall());
  EXPECT_EQ(machine.state(), ClockState::kSteady);
}

TEST(LivedTimeAtAStart, GoesOnWhereItWas) {
  Machine same(kStart);
  EXPECT_EQ(same.read(), kStart);
  EXPECT_EQ(same.state(), ClockState::kSteady);
  Machine later(kStart - days24(7));
  EXPECT_EQ(later.read(), kStart) << "an outage of as long as may be";
  later.pass(hours(1));
  EXPECT_EQ(later.lived(), later.truly());
}

TEST(LivedTimeAtAStart, StandsStillUntilTheWallClockIsWhereItWas) {
  const Instant lived = kStart + hours(1);
  Machine machine(lived);
  EXPECT_EQ(machine.read(), lived);
  EXPECT_EQ(machine.state(), ClockState::kBehind);
  EXPECT_EQ(machine.pass(minutes(30)), lived);
  EXPECT_EQ(machine.pass(minutes(31)), lived + minutes(1));
  EXPECT_EQ(machine.state(), ClockState::kSteady);
}

TEST(LivedTimeAtAStart, TakesTheTimeThatAMachineWithoutAClockOfItsOwnIsGiven) {
  const Instant lived = kStart - hours(1);
  Machine machine(lived, days24(-20'000));
  EXPECT_EQ(machine.pass(minutes(3)), lived);
  EXPECT_EQ(machine.state(), ClockState::kBehind);
  EXPECT_EQ(machine.set_wall_by(days24(20'000)), machine.truly());
  EXPECT_EQ(machine.state(), ClockState::kSteady);
}

TEST(LivedTimeAtAStart, AnOutageThatIsTooLongIsHeldUntilItIsAccepted) {
  const Instant lived = kStart - days24(7) - Millis{1};
  Machine machine(lived);
  EXPECT_EQ(machine.state(), ClockState::kDoubted);
  EXPECT_EQ(machine.pass(days24(2)), lived + days24(2)) << "no time settles it";
  EXPECT_EQ(machine.state(), ClockState::kDoubted);
  EXPECT_TRUE(machine.believe());
  EXPECT_EQ(machine.read(), machine.truly());
  EXPECT_EQ(machine.state(), ClockState::kSteady);
}

TEST(LivedTimeAtAStart, AWrongClockThatIsSetRightIsTakenAtOnce) {
  const Instant lived = kStart - hours(1);
  Machine machine(lived, days24(300));
  EXPECT_EQ(machine.state(), ClockState::kDoubted);
  EXPECT_EQ(machine.pass(minutes(5)), lived + minutes(5));
  EXPECT_EQ(machine.set_wall_by(days24(-300)), machine.truly());
  EXPECT_EQ(machine.state(), ClockState::kSteady);
}

TEST(LivedTimeAtAStart, AClockThatIsAcceptedBehindStillHasToCatchUp) {
  const Instant lived = kStart + hours(2);
  Machine machine(lived);
  EXPECT_TRUE(machine.believe());
  EXPECT_EQ(machine.pass(hours(1)), lived);
  EXPECT_EQ(machine.pass(hours(2)), kStart + hours(3));
}

TEST(LivedTime, NeverGoesBackUnderAnyClock) {
  const std::vector<Millis> steps{days24(2),  days24(-2),  hours(1),    hours(-1),
                                  seconds(9), seconds(-9), minutes(20), minutes(-20)};
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    base::SeededRandom random(seed);
    Machine machine;
    Instant last = machine.read();
    for (int i = 0; i < 400; ++i) {
      // No setting stands for an hour.
      const Instant now =
          machine.pass(Millis{static_cast<std::int64_t>(base::random_below(random, 600'000))});
      ASSERT_GE(now, last) << "seed " << seed << ", step " << i;
      last = now;
      const Instant set = machine.set_wall_by(steps[base::random_below(random, steps.size())]);
      ASSERT_GE(set, last) << "seed " << seed << ", step " << i;
      last = set;
    }
  }
}

}  // namespace
}  // namespace sojourn::runtime
