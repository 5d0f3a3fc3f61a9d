#include "runtime/budget.h"

#include <gtest/gtest.h>

namespace sojourn::runtime {
namespace {

constexpr base::Instant kStart{1'700'000'000'000};

class BudgetTest : public testing::Test {
 protected:
  // Takes all that there is; how many that was.
  int drain(Budget& budget) {
    int taken = 0;
    while (budget.available(now_) > 0) {
      budget.take(now_);
      ++taken;
    }
    return taken;
  }
  void pass(base::Millis time) { now_ = now_ + time; }

  base::Instant now_ = kStart;
};

TEST_F(BudgetTest, GivesItsRateOverAnyLengthOfTime) {
  Budget budget(400);
  int taken = 0;
  for (int i = 0; i < 1000; ++i) {
    taken += drain(budget);
    pass(base::Millis{7});
  }
  EXPECT_NEAR(taken, 7.0 * 400, 400 * Budget::kBurstSeconds);
}

TEST_F(BudgetTest, ALongPauseGivesNoMoreThanASmallBurst) {
  Budget budget(400);
  EXPECT_EQ(drain(budget), 40);
  pass(base::hours(1));
  EXPECT_EQ(drain(budget), 40);
}

TEST_F(BudgetTest, ASlowOneGivesOneAtATime) {
  Budget budget(3);
  EXPECT_EQ(drain(budget), 1);
  pass(base::Millis{333});
  EXPECT_EQ(drain(budget), 0);
  pass(base::Millis{1});
  EXPECT_EQ(drain(budget), 1);
}

TEST_F(BudgetTest, NextTokenIsWhenThereIsOne) {
  Budget budget(3);
  EXPECT_EQ(budget.next_token(now_), now_);
  drain(budget);
  const base::Instant next = budget.next_token(now_);
  EXPECT_EQ(next, kStart + base::Millis{334});
  EXPECT_GT(budget.available(next), 0u);
}

TEST_F(BudgetTest, WithoutARateThereIsNoLimit) {
  Budget budget;
  for (int i = 0; i < 100'000; ++i) budget.take(now_);
  EXPECT_GT(budget.available(now_), 1'000'000u);
  EXPECT_FALSE(budget.is_slowed(now_));
}

TEST_F(BudgetTest, AClockThatIsSetBackStopsItForAMomentOnly) {
  Budget budget(100);
  drain(budget);
  now_ = now_ - base::hours(1);
  EXPECT_EQ(drain(budget), 0) << "nothing is given for a span that is negative";
  pass(base::Millis{50});
  EXPECT_EQ(drain(budget), 5);
  now_ = now_ + base::hours(48);
  EXPECT_EQ(drain(budget), 10) << "a leap gives a burst";
}

TEST_F(BudgetTest, TooFastHalvesWhatIsBelieved) {
  Budget budget(400);
  EXPECT_TRUE(budget.too_fast(now_));
  EXPECT_EQ(budget.believed(now_), 200);
  EXPECT_TRUE(budget.is_slowed(now_));
  EXPECT_EQ(budget.slowed_since(), now_);
  EXPECT_FALSE(budget.too_fast(now_ + base::seconds(1))) << "of a request of before the cut";
  pass(Budget::kCutsAtMostEvery);
  EXPECT_TRUE(budget.too_fast(now_));
  EXPECT_EQ(budget.believed(now_), 100);
  EXPECT_EQ(budget.slowed_since(), kStart);
}

TEST_F(BudgetTest, NeverBelievesNothing) {
  Budget budget(2);
  for (int i = 0; i < 20; ++i) {
    budget.too_fast(now_);
    pass(Budget::kCutsAtMostEvery);
  }
  EXPECT_EQ(budget.believed(now_), Budget::kLeastPerSecond);
}

TEST_F(BudgetTest, AQuietTimeLetsItGrowBackToWhatIsConfiguredAndNoFurther) {
  Budget budget(400);
  budget.too_fast(now_);
  pass(base::Millis{Budget::kQuiet.count - 1});
  EXPECT_EQ(budget.believed(now_), 200);
  pass(base::Millis{1});
  EXPECT_EQ(budget.believed(now_), 220);
  pass(base::Millis{Budget::kQuiet.count * 3});
  EXPECT_EQ(budget.believed(now_), 280);
  pass(base::hours(1));
  EXPECT_EQ(budget.believed(now_), 400);
  EXPECT_FALSE(budget.is_slowed(now_));
}

TEST_F(BudgetTest, WithoutARateItLearnsFromWhatWasBorne) {
  Budget budget;
  for (int i = 0; i < 80; ++i) budget.take(now_);
  EXPECT_TRUE(budget.too_fast(now_));
  EXPECT_EQ(budget.believed(now_), 40);
  pass(Budget::kQuiet);
  EXPECT_DOUBLE_EQ(budget.believed(now_), 44);
  pass(Budget::kForgotten);
  EXPECT_FALSE(budget.is_slowed(now_));
}

// An outage that is answered with 429 for hours, to one request every few minutes.
TEST_F(BudgetTest, WithoutARateWhatIsBelievedDoesNotOutgrowWhatWasBorne) {
  Budget budget;
  for (int i = 0; i < 60; ++i) {
    ASSERT_GT(budget.available(now_), 0u) << "after " << i << " cuts";
    budget.take(now_);
    EXPECT_TRUE(budget.too_fast(now_));
    ASSERT_EQ(budget.believed(now_), Budget::kLeastPerSecond) << "after " << i + 1 << " cuts";
    pass(base::minutes(5));
  }
}

TEST_F(BudgetTest, AClockThatIsSetBackDoesNotStopItFromGrowing) {
  Budget budget(400);
  budget.too_fast(now_);
  now_ = now_ - base::hours(1);
  EXPECT_EQ(budget.believed(now_), 200);
  pass(Budget::kQuiet);
  EXPECT_EQ(budget.believed(now_), 220);
}

}  // namespace
}  // namespace sojourn::runtime
