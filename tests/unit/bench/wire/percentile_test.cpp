#include "bench/wire/percentile.h"

#include <gtest/gtest.h>
#include <numeric>

namespace sojourn::bench {
namespace {

TEST(Percentile, IsTheNearestRank) {
  std::vector<int> hundred(100);
  std::iota(hundred.rbegin(), hundred.rend(), 1);
  EXPECT_EQ(percentile(hundred, 50), 50);
  EXPECT_EQ(percentile(hundred, 99), 99);
  EXPECT_EQ(percentile(hundred, 100), 100);
  EXPECT_EQ(percentile(hundred, 0), 1);
}

TEST(Percentile, OfFewValuesIsOneOfThem) {
  std::vector<int> three = {30, 10, 20};
  EXPECT_EQ(percentile(three, 50), 20);
  EXPECT_EQ(percentile(three, 99), 30);
  std::vector<int> none;
  EXPECT_EQ(percentile(none, 50), 0);
}

}  // namespace
}  // namespace sojourn::bench
