#include "base/civil.h"

#include <gtest/gtest.h>

namespace sojourn::base {
namespace {

TEST(Civil, KnownDaysHaveTheirNumbers) {
  EXPECT_EQ(days_from_civil({1970, 1, 1}), 0);
  EXPECT_EQ(days_from_civil({1969, 12, 31}), -1);
  EXPECT_EQ(days_from_civil({2000, 3, 1}), 11'017);
  EXPECT_EQ(days_from_civil({2026, 3, 1}), 20'513);
}

TEST(Civil, EveryDayOfEightCenturiesGoesThereAndBack) {
  CivilDay expected{1600, 1, 1};
  const std::int64_t first = days_from_civil(expected);
  const std::int64_t last = days_from_civil({2400, 1, 1});
  for (std::int64_t day = first; day <= last; ++day) {
    ASSERT_EQ(civil_from_days(day), expected);
    ASSERT_EQ(days_from_civil(expected), day);
    if (expected.day < days_in_month(expected.year, expected.month)) {
      ++expected.day;
    } else {
      expected.day = 1;
      expected.month = expected.month % 12 + 1;
      if (expected.month == 1) ++expected.year;
    }
  }
}

TEST(Civil, LeapDaysFollowTheCenturies) {
  EXPECT_EQ(days_in_month(2024, 2), 29);
  EXPECT_EQ(days_in_month(2025, 2), 28);
  EXPECT_EQ(days_in_month(1900, 2), 28);
  EXPECT_EQ(days_in_month(2000, 2), 29);
  EXPECT_EQ(days_in_month(2026, 4), 30);
}

TEST(Civil, ADayPastItsMonthIsCountedOn) {
  EXPECT_EQ(civil_from_days(days_from_civil({2026, 1, 32})), (CivilDay{2026, 2, 1}));
}

}  // namespace
}  // namespace sojourn::base
