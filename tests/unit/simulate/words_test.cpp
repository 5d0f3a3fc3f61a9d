// Numbers and lengths as people read them.
#include <gtest/gtest.h>

#include "simulate/report.h"

namespace sojourn::simulate {
namespace {

TEST(Words, LongNumbersAreGrouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
}

TEST(Words, SharesOfNothingAreNothing) {
  EXPECT_EQ(percent_text(1, 3), "33.3 %");
  EXPECT_EQ(percent_text(0, 0), "0.0 %");
}

TEST(Words, LengthsAreRoundedDown) {
  EXPECT_EQ(stay_text(base::Millis{59'999}), "59s");
  EXPECT_EQ(stay_text(base::Millis{base::hours(3).count + 61'000}), "3h1m");
  EXPECT_EQ(stay_text(base::Millis{base::days24(2).count + base::hours(3).count + 61'000}), "2d3h");
  EXPECT_EQ(stay_text({}), "0s");
}

TEST(Words, ASplitThatStraysIsNamed) {
  SplitFigures split{"s", {{"a", 0.5, 700}, {"b", 0.5, 300}}, {}, chi_square({700, 300}, {1, 1})};
  EXPECT_EQ(balance_text(split), "chi-square 160.00, p 0.000: not by chance");
  split.balance = chi_square({501, 499}, {1, 1});
  EXPECT_EQ(balance_text(split), "chi-square 0.00, p 0.950: as expected");
  split.units = 1'000;
  EXPECT_EQ(balance_text(split), "of 1000 units, chi-square 0.00, p 0.950: as expected");
}

}  // namespace
}  // namespace sojourn::simulate
