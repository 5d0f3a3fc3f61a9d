#include "proof/number_ranges.h"

#include <gtest/gtest.h>

namespace sojourn::proof {
namespace {

NumberRanges reals(Range range) {
  return {range, false};
}
NumberRanges wholes(Range range) {
  return {range, true};
}

TEST(NumberRanges, WholeNumbersHaveClosedEnds) {
  const NumberRanges between = wholes({.low = 3, .high = 4, .low_open = true, .high_open = true});
  EXPECT_TRUE(between.is_empty());
  EXPECT_FALSE(reals({.low = 3, .high = 4, .low_open = true, .high_open = true}).is_empty());
  EXPECT_EQ(wholes({.low = 2.5, .high = 4.5}), wholes({.low = 3, .high = 4}));
}

TEST(NumberRanges, TheLargestIntegerIsExact) {
  constexpr auto kLargest = static_cast<Point>(INT64_MAX);
  const NumberRanges last = after(wholes({}), wholes({kLargest - 1, kLargest - 1}), false);
  EXPECT_TRUE(last.has(kLargest));
  EXPECT_FALSE(last.has(kLargest - 1));
}

TEST(NumberRanges, WhatTouchesBecomesOne) {
  EXPECT_EQ(united(wholes({1, 3}), wholes({4, 6})), wholes({1, 6}));
  EXPECT_EQ(united(reals({1, 3}), reals({4, 6})).ranges().size(), 2U);
  // Neither has 3 itself.
  const NumberRanges below = reals({.low = 1, .high = 3, .high_open = true});
  const NumberRanges above = reals({.low = 3, .high = 5, .low_open = true});
  EXPECT_EQ(united(below, above).ranges().size(), 2U);
  EXPECT_EQ(united(below, reals({3, 5})), reals({1, 5}));
}

TEST(NumberRanges, WithoutAPoint) {
  const NumberRanges rest = without(wholes({1, 3}), wholes({2, 2}));
  EXPECT_TRUE(rest.has(1) && rest.has(3));
  EXPECT_FALSE(rest.has(2));
  EXPECT_TRUE(without(wholes({2, 2}), wholes({2, 2})).is_empty());
  EXPECT_FALSE(without(reals({1, 2}), reals({2, 2})).has(2));
}

TEST(NumberRanges, BeforeAndAfterGoByTheFurthestPoint) {
  const NumberRanges all = wholes({0, 9});
  const NumberRanges some = united(wholes({3, 3}), wholes({6, 6}));
  EXPECT_EQ(before(all, some, false), wholes({0, 5}));
  EXPECT_EQ(before(all, some, true), wholes({0, 6}));
  EXPECT_EQ(after(all, some, false), wholes({4, 9}));
  EXPECT_EQ(after(all, some, true), wholes({3, 9}));
  // A limit that is not reached cannot be equalled.
  EXPECT_EQ(before(reals({0, 9}), reals({.low = 1, .high = 4, .high_open = true}), true),
            reals({.low = 0, .high = 4, .high_open = true}));
}

TEST(NumberRanges, TooManyRangesBecomeTheOneAroundThem) {
  NumberRanges all;
  for (int i = 0; i <= static_cast<int>(NumberRanges::kMostRanges); ++i) {
    all = united(all, reals({static_cast<Point>(i), static_cast<Point>(i)}));
  }
  EXPECT_EQ(all, reals({0, static_cast<Point>(NumberRanges::kMostRanges)}));
}

}  // namespace
}  // namespace sojourn::proof
