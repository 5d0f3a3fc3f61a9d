#include "runtime/breaker.h"

#include <gtest/gtest.h>
#include <limits>

namespace sojourn::runtime {
namespace {

using connectors::Health;
using State = Breaker::State;
using Change = Breaker::Change;

constexpr std::uint64_t kShortest = std::numeric_limits<std::uint64_t>::max();

// Rests are as long as they can be: 0 is the whole of it.
class BreakerTest : public testing::Test {
 protected:
  Change end(Health health) { return breaker_.end(health, "server_error", now_, 0); }
  Change attempt(Health health) {
    breaker_.begin(now_);
    return end(health);
  }
  void fail(std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i) attempt(Health::kFailing);
  }
  void open() { fail(policy_.failures); }
  // To when a probe may leave.
  void rest() { now_ = breaker_.rests_until(); }

  BreakerPolicy policy_;
  Breaker breaker_{policy_, 256};
  base::Instant now_{1'000'000};
};

TEST_F(BreakerTest, OpensAfterARunOfFailures) {
  fail(policy_.failures - 1);
  EXPECT_EQ(breaker_.state(now_), State::kClosed);
  EXPECT_EQ(breaker_.allowed(now_), 256u);
  EXPECT_EQ(attempt(Health::kFailing), Change::kOpened);
  EXPECT_EQ(breaker_.state(now_), State::kResting);
  EXPECT_EQ(breaker_.allowed(now_), 0u);
  EXPECT_EQ(breaker_.since(), now_);
  EXPECT_EQ(breaker_.why(), "server_error");
}

TEST_F(BreakerTest, AnythingThatIsAnsweredEndsTheRun) {
  for (const Health health : {Health::kWell, Health::kTooFast}) {
    fail(policy_.failures - 1);
    attempt(health);
  }
  fail(policy_.failures - 1);
  attempt(Health::kUnknown);
  EXPECT_EQ(breaker_.state(now_), State::kClosed);
  EXPECT_EQ(attempt(Health::kFailing), Change::kOpened) << "what says nothing ends no run";
}

TEST_F(BreakerTest, LetsOneProbeOutAfterItsRest) {
  open();
  EXPECT_EQ(breaker_.rests_until(), now_ + policy_.first_rest);
  now_ = breaker_.rests_until() - base::Millis{1};
  EXPECT_EQ(breaker_.allowed(now_), 0u);
  rest();
  EXPECT_EQ(breaker_.state(now_), State::kProbing);
  EXPECT_EQ(breaker_.allowed(now_), 1u);
}

TEST_F(BreakerTest, RestsGrowUpToACap) {
  open();
  base::Millis expected = policy_.first_rest;
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(breaker_.rests_until() - now_, expected) << i;
    rest();
    EXPECT_EQ(attempt(Health::kFailing), Change::kNone) << "it was open already";
    EXPECT_EQ(breaker_.state(now_), State::kResting);
    expected = std::min(base::Millis{expected.count * 2}, policy_.longest_rest);
  }
  EXPECT_EQ(expected, policy_.longest_rest);
}

TEST_F(BreakerTest, NoRestIsShorterThanAHalf) {
  for (std::uint32_t i = 0; i < policy_.failures; ++i) {
    breaker_.begin(now_);
    breaker_.end(Health::kFailing, "no_answer", now_, kShortest);
  }
  const base::Millis rest = breaker_.rests_until() - now_;
  EXPECT_GE(rest.count, policy_.first_rest.count / 2);
  EXPECT_LE(rest, policy_.first_rest);
}

TEST_F(BreakerTest, WhatWasUnderWayWhenItOpenedIsNoProbe) {
  open();
  EXPECT_EQ(end(Health::kFailing), Change::kNone);
  EXPECT_EQ(end(Health::kWell), Change::kNone);
  EXPECT_EQ(breaker_.state(now_), State::kResting);
  EXPECT_EQ(breaker_.rest(), policy_.first_rest) << "a late failure makes no rest longer";
}

TEST_F(BreakerTest, AProbeThatSaysNothingLeavesRoomForAnother) {
  open();
  rest();
  attempt(Health::kUnknown);
  EXPECT_EQ(breaker_.state(now_), State::kProbing);
  EXPECT_EQ(breaker_.allowed(now_), 1u);
}

TEST_F(BreakerTest, GrowsBackFromOne) {
  open();
  rest();
  EXPECT_EQ(attempt(Health::kWell), Change::kNone);
  EXPECT_EQ(breaker_.state(now_), State::kGrowing);
  EXPECT_EQ(breaker_.allowed(now_), 2u);
  attempt(Health::kWell);
  attempt(Health::kWell);
  EXPECT_EQ(breaker_.allowed(now_), 4u);
  while (breaker_.allowed(now_) < 255) ASSERT_EQ(attempt(Health::kWell), Change::kNone);
  EXPECT_EQ(attempt(Health::kWell), Change::kClosed);
  EXPECT_EQ(breaker_.state(now_), State::kClosed);
  EXPECT_EQ(breaker_.allowed(now_), 256u);
}

TEST_F(BreakerTest, AfterAShortRelapseItRestsLongerThanBefore) {
  open();
  rest();
  for (int i = 0; i < 20; ++i) attempt(Health::kWell);
  const std::uint32_t before = breaker_.allowed(now_);
  attempt(Health::kFailing);
  EXPECT_EQ(breaker_.allowed(now_), before / 2);
  attempt(Health::kFailing);
  EXPECT_EQ(breaker_.state(now_), State::kGrowing);
  attempt(Health::kFailing);
  EXPECT_EQ(breaker_.state(now_), State::kResting);
  EXPECT_EQ(breaker_.rest(), base::Millis{policy_.first_rest.count * 2});
}

TEST_F(BreakerTest, OnceWellItBeginsWithAShortRestAgain) {
  open();
  rest();
  fail(1);
  rest();
  while (breaker_.state(now_) != State::kClosed) attempt(Health::kWell);
  open();
  EXPECT_EQ(breaker_.rest(), policy_.first_rest);
}

TEST_F(BreakerTest, OneThatFewAskIsWellAfterACalmTime) {
  open();
  rest();
  attempt(Health::kWell);
  now_ = now_ + policy_.longest_rest;
  EXPECT_EQ(breaker_.state(now_), State::kClosed);
  EXPECT_EQ(breaker_.allowed(now_), 256u);
  EXPECT_EQ(attempt(Health::kWell), Change::kClosed);
}

}  // namespace
}  // namespace sojourn::runtime
