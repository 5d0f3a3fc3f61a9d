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
  EXPECT_TRUE(lane_.is_merely_full(now_));
  EXPECT_EQ(lane_.next_opening(now_), base::kNever);
  end(Health::kWell);
  EXPECT_EQ(lane_.room(now_), 1u);
  EXPECT_FALSE(lane_.is_merely_full(now_));
}

TEST_F(LaneTest, APauseEndsByItselfAndIsNotShortened) {
  lane_.pause(now_ + base::seconds(5));
  lane_.pause(now_ + base::seconds(1));
  EXPECT_FALSE(lane_.open(now_));
  EXPECT_FALSE(lane_.is_merely_full(now_));
  EXPECT_EQ(lane_.next_opening(now_), now_ + base::seconds(5));
  EXPECT_TRUE(lane_.open(now_ + base::seconds(5)));
  lane_.pause(base::kNever);
  EXPECT_EQ(lane_.next_opening(now_), base::kNever) << "the process is about to end";
}

TEST_F(LaneTest, OneThatFailsLetsNothingOutUntilItsProbe) {
  answer_all(Health::kFailing);
  EXPECT_EQ(lane_.room(now_), 0u);
  const LaneReport report = lane_.report("email", now_);
  EXPECT_EQ(report.breaker, Breaker::State::kResting);
  EXPECT_EQ(report.why, "server_error");
  EXPECT_EQ(report.until, lane_.next_opening(now_));
  now_ = report.until;
  EXPECT_EQ(lane_.room(now_), 1u);
  lane_.claim(now_);
  EXPECT_EQ(lane_.room(now_), 0u);
  EXPECT_FALSE(lane_.is_merely_full(now_)) << "the probe may fail, and then it rests";
  EXPECT_EQ(lane_.next_opening(now_), base::kNever) << "the probe's end says more";
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

TEST_F(LaneTest, WithoutATokenItOpensWithTheNext) {
  Lane lane(256, 10);
  lane.claim(now_);
  EXPECT_FALSE(lane.open(now_));
  EXPECT_FALSE(lane.is_merely_full(now_));
  EXPECT_EQ(lane.next_opening(now_), now_ + base::Millis{100});
}

// Messages at one lane as an outbox keeps them: in due order, looked at while the lane is open.
class Queue {
 public:
  void plan(base::Instant at, std::uint32_t tried = 0) { planned_.emplace(at, tried); }

  // An attempt takes a fifth of a second, and ends so.
  void run_until(base::Instant until, Health health, Lane& lane, base::Random& random) {
    while (true) {
      while (!planned_.empty() && planned_.begin()->first <= now && lane.open(now)) begin(lane);
      const base::Instant ends = under_way_.empty() ? base::kNever : under_way_.begin()->first;
      now = std::min(ends, next_look(lane));
      if (now >= until) return;
      if (now == ends) end(health, lane, random);
    }
  }

  base::Instant now;
  std::size_t attempts = 0;
  std::size_t accepted = 0;

 private:
  base::Instant next_look(Lane& lane) const {
    if (planned_.empty()) return base::kNever;
    const base::Instant planned = planned_.begin()->first;
    return lane.open(now) ? planned : std::max(planned, lane.next_opening(now));
  }

  void begin(Lane& lane) {
    constexpr base::Millis kTakes{200};
    lane.claim(now);
    ++attempts;
    under_way_.emplace(now + kTakes, planned_.begin()->second + 1);
    planned_.erase(planned_.begin());
  }

  void end(Health health, Lane& lane, base::Random& random) {
    const std::uint32_t tried = under_way_.begin()->second;
    under_way_.erase(under_way_.begin());
    lane.end(health, "server_error", now, random);
    if (health == Health::kWell) {
      ++accepted;
    } else {
      plan(now + connectors::backoff(tried, random.next(), {}), tried);
    }
  }

  std::multimap<base::Instant, std::uint32_t> planned_;
  std::multimap<base::Instant, std::uint32_t> under_way_;
};

TEST_F(LaneTest, AnHourOfErrorsCostsFewAttempts) {
  constexpr int kMessages = 100'000;
  Lane lane(256, Budget::kUnlimited);
  Queue queue;
  queue.now = now_;
  for (int i = 0; i < kMessages; ++i) {
    queue.plan(now_ + base::Millis{base::hours(1).count * i / kMessages});
  }
  const base::Instant over = now_ + base::hours(1);
  queue.run_until(over, Health::kFailing, lane, random_);
  EXPECT_LE(queue.attempts, 100U) << "what was under way when it broke, and the probes";
  queue.run_until(over + base::minutes(20), Health::kWell, lane, random_);
  EXPECT_EQ(queue.accepted, static_cast<std::size_t>(kMessages)) << "soon after it is well again";
  EXPECT_LE(static_cast<double>(queue.attempts), 1.1 * kMessages);
  EXPECT_EQ(lane.report("email", over + base::minutes(20)).breaker, Breaker::State::kClosed);
}

}  // namespace
}  // namespace sojourn::runtime
