#include "connectors/backoff.h"

#include <gtest/gtest.h>
#include <limits>

#include "base/random.h"

namespace sojourn::connectors {
namespace {

constexpr std::uint64_t kLowest = 0;
constexpr std::uint64_t kHighest = std::numeric_limits<std::uint64_t>::max();

std::int64_t longest(std::uint32_t attempt) {
  return backoff(attempt, kHighest, std::nullopt).count;
}

TEST(Backoff, DoublesItsLimitUpToTheCap) {
  EXPECT_EQ(longest(1), 1000);
  EXPECT_EQ(longest(2), 2000);
  EXPECT_EQ(longest(3), 4000);
  EXPECT_EQ(longest(10), 512'000);
  EXPECT_EQ(longest(11), 900'000);
  EXPECT_EQ(longest(12), 900'000);
  EXPECT_EQ(longest(std::numeric_limits<std::uint32_t>::max()), 900'000);
}

TEST(Backoff, UsesTheWholeSpanFromZero) {
  EXPECT_EQ(backoff(5, kLowest, std::nullopt).count, 0);
  base::SeededRandom random(1);
  std::int64_t sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t wait = backoff(5, random.next(), std::nullopt).count;
    ASSERT_GE(wait, 0);
    ASSERT_LE(wait, 16'000);
    sum += wait;
  }
  EXPECT_NEAR(static_cast<double>(sum) / 10'000, 8000, 200);
}

TEST(Backoff, NeverComesBackBeforeItIsAllowedTo) {
  EXPECT_EQ(backoff(1, kLowest, base::seconds(60)).count, 60'000);
  EXPECT_EQ(backoff(1, kHighest, base::seconds(60)).count, 61'000);
}

TEST(Backoff, DoesNotRunHotOnARetryAfterOfZero) {
  EXPECT_EQ(backoff(3, kHighest, base::seconds(0)).count, 4000);
}

TEST(Backoff, ObeysOnlySoMuch) {
  EXPECT_EQ(backoff(1, kLowest, base::hours(1000)).count, base::hours(1).count);
  EXPECT_EQ(backoff(1, kLowest, base::Millis{-5}).count, 0);
}

}  // namespace
}  // namespace sojourn::connectors
