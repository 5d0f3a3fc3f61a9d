#include "runtime/lane.h"

#include <gtest/gtest.h>
#include <map>

#include "base/random.h"
#include "connectors/backoff.h"

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

// Messages at one lane as an outbox keeps them: by when each is to be looked at next.
class Queue {
 public:
  void plan(base::Instant at, std::uint32_t tried = 0) { planned_.emplace(at, tried); }

  // Looks at each when it is due, until `until`; an attempt takes a fifth of a second, and ends so.
  void run_until(base::Instant until, Health health, Lane& lane, base::Random& random) {
    constexpr base::Millis kTakes{200};
    while (true) {
      const base::Instant planned = planned_.empty() ? base::kNever : planned_.begin()->first;
      const base::Instant ends = under_way_.empty() ? base::kNever : under_way_.begin()->first;
      const base::Instant now = std::min(planned, ends);
      if (now >= until) return;
      if (ends <= planned) {
        const std::uint32_t tried = under_way_.begin()->second;
        under_way_.erase(under_way_.begin());
        lane.end(health, "server_error", now, random);
        if (health == Health::kWell) {
          ++accepted;
        } else {
          plan(now + connectors::backoff(tried, random.next(), {}), tried);
        }
        continue;
      }
      const std::uint32_t tried = planned_.begin()->second;
      planned_.erase(planned_.begin());
      if (lane.open(now)) {
        lane.claim(now);
        ++attempts;
        under_way_.emplace(now + kTakes, tried + 1);
      } else {
        plan(lane.put_off_until(now, random).value_or(now + kTakes), tried);
        ++put_off;
      }
    }
  }

  std::size_t attempts = 0;
  std::size_t accepted = 0;
  std::size_t put_off = 0;

 private:
  std::multimap<base::Instant, std::uint32_t> planned_;
  std::multimap<base::Instant, std::uint32_t> under_way_;
};

TEST_F(LaneTest, AnHourOfErrorsCostsFewAttempts) {
  constexpr int kMessages = 100'000;
  Lane lane(256, Budget::kUnlimited);
  Queue queue;
  for (int i = 0; i < kMessages; ++i) {
    queue.plan(now_ + base::Millis{base::hours(1).count * i / kMessages});
  }
  const base::Instant over = now_ + base::hours(1);
  queue.run_until(over, Health::kFailing, lane, random_);
  EXPECT_LE(queue.attempts, 100U) << "what was under way when it broke, and the probes";
  EXPECT_LE(queue.put_off, 40U * kMessages) << "about once for each rest that a message sees";
  queue.run_until(over + base::minutes(20), Health::kWell, lane, random_);
  EXPECT_EQ(queue.accepted, static_cast<std::size_t>(kMessages)) << "soon after it is well again";
  EXPECT_LE(static_cast<double>(queue.attempts), 1.1 * kMessages);
  EXPECT_EQ(lane.report("email", over + base::minutes(20)).breaker, Breaker::State::kClosed);
}

}  // namespace
}  // namespace sojourn::runtime
