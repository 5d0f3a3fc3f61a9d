#include "runtime/lane.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace sojourn::runtime {
namespace {

using connectors::Health;

class LaneTest : public testing::Test {
 protected:
  Lane::Change end(Health health) { return lane_.end(health, "server_error", now_, random_); }
  // Claims all that may be, and ends it so.
  void answer_all(Health health) {
    std::uint32_t claimed = 0;
    for (; lane_.open(now_); ++claimed) lane_.claim(now_);
    for (; claimed > 0; --claimed) end(health);
  }

  base::SeededRandom random_{3};
  base::Instant now_{1'700'000'000'000};
  Lane lane_{16, Budget::kUnlimited};
};

TEST_F(LaneTest, AFullOneOpensWithAnOutcome) {
  while (lane_.open(now_)) lane_.claim(now_);
  EXPECT_EQ(lane_.in_flight(), 16u);
  EXPECT_FALSE(lane_.put_off_until(now_, random_)) << "what waits for room stays where it is";
  EXPECT_EQ(lane_.next_opening(now_), base::kNever);
  end(Health::kWell);
  EXPECT_EQ(lane_.room(now_), 1u);
}

TEST_F(LaneTest, APauseEndsByItselfAndIsNotShortened) {
  lane_.pause(now_ + base::seconds(5));
  lane_.pause(now_ + base::seconds(1));
  EXPECT_FALSE(lane_.open(now_));
  EXPECT_EQ(lane_.put_off_until(now_, random_), now_ + base::seconds(5));
  EXPECT_EQ(lane_.next_opening(now_), now_ + base::seconds(5));
  EXPECT_TRUE(lane_.open(now_ + base::seconds(5)));
  lane_.pause(base::kNever);
  EXPECT_FALSE(lane_.put_off_until(now_, random_)) << "the process is about to end";
}

TEST_F(LaneTest, OneThatFailsLetsNothingOutUntilItsProbe) {
  answer_all(Health::kFailing);
  EXPECT_EQ(lane_.room(now_), 0u);
  const LaneReport report = lane_.report("email", now_);
  EXPECT_EQ(report.breaker, Breaker::State::kResting);
  EXPECT_EQ(report.why, "server_error");
  EXPECT_EQ(report.until, lane_.next_opening(now_));
  EXPECT_GE(lane_.put_off_until(now_, random_), report.until);
  now_ = report.until;
  EXPECT_EQ(lane_.room(now_), 1u);
  lane_.claim(now_);
  EXPECT_EQ(lane_.room(now_), 0u);
  EXPECT_GT(lane_.put_off_until(now_, random_), now_) << "nobody stands in line for the probe";
}

TEST_F(LaneTest, AProbeWaitsForWhatIsStillUnderWay) {
  for (int i = 0; i < 16; ++i) lane_.claim(now_);
  for (int i = 0; i < 15; ++i) end(Health::kFailing);
  now_ = lane_.report("email", now_).until;
  EXPECT_EQ(lane_.room(now_), 0u);
  end(Health::kFailing);
  EXPECT_EQ(lane_.room(now_), 1u);
}

TEST_F(LaneTest, TooFastSlowsAndDoesNotOpen) {
  for (int i = 0; i < 16; ++i) lane_.claim(now_);
  EXPECT_EQ(end(Health::kTooFast), Lane::Change::kSlowed);
  for (int i = 0; i < 15; ++i) EXPECT_EQ(end(Health::kTooFast), Lane::Change::kNone);
  const LaneReport report = lane_.report("email", now_);
  EXPECT_EQ(report.breaker, Breaker::State::kClosed);
  EXPECT_TRUE(report.is_slowed);
  EXPECT_EQ(report.believed_per_second, 8);
  EXPECT_EQ(report.allowed, 16u);
}

TEST_F(LaneTest, WhatFindsNoTokenIsPutOffToAPlaceOfItsOwn) {
  Lane lane(256, 10);
  lane.claim(now_);
  EXPECT_FALSE(lane.open(now_));
  EXPECT_EQ(lane.put_off_until(now_, random_), now_ + base::Millis{100});
  EXPECT_EQ(lane.put_off_until(now_, random_), now_ + base::Millis{200});
  EXPECT_EQ(lane.next_opening(now_), now_ + base::Millis{100});
}

}  // namespace
}  // namespace sojourn::runtime
