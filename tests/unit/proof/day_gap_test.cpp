#include "proof/day_gap.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "base/civil.h"
#include "calendar/arithmetic.h"

namespace sojourn::proof {
namespace {

using graph::DayRule;

constexpr std::uint8_t kMondayToFriday = 0b001'1111;

DayRule of_week(std::uint8_t weekdays, std::vector<graph::Date> except = {}) {
  return {.kind = DayRule::Kind::kOfWeek,
          .weekdays = weekdays,
          .except = std::move(except),
          .day_of_month = 0};
}
DayRule of_month(std::uint8_t day) {
  return {.kind = DayRule::Kind::kOfMonth, .weekdays = 0, .except = {}, .day_of_month = day};
}
graph::Date date(int year, int month, int day) {
  return {static_cast<std::int32_t>(base::days_from_civil({year, month, day}))};
}

TEST(DayGap, OfTheDaysOfAWeek) {
  EXPECT_EQ(largest_gap_days({}), 1);
  EXPECT_EQ(largest_gap_days(of_week(0b111'1111)), 1);
  EXPECT_EQ(largest_gap_days(of_week(kMondayToFriday)), 3);
  EXPECT_EQ(largest_gap_days(of_week(0b000'0001)), 7);
  EXPECT_EQ(largest_gap_days(of_week(0b000'1001)), 4) << "Monday, Thursday";
}

TEST(DayGap, ExceptedDaysWidenIt) {
  // Good Friday and Easter Monday of 2026.
  EXPECT_EQ(largest_gap_days(of_week(kMondayToFriday, {date(2026, 4, 3), date(2026, 4, 6)})), 5);
  // A Saturday, which is no workday anyway.
  EXPECT_EQ(largest_gap_days(of_week(kMondayToFriday, {date(2026, 8, 15)})), 3);
  // Both weeks of Christmas.
  std::vector<graph::Date> weeks;
  for (int day = 21; day <= 31; ++day) weeks.push_back(date(2026, 12, day));
  EXPECT_EQ(largest_gap_days(of_week(kMondayToFriday, weeks)), 14) << "Friday 18 to Friday 1";
}

TEST(DayGap, TheLeastOfTheDaysOfAWeek) {
  EXPECT_EQ(smallest_gap_days({}), 1);
  EXPECT_EQ(smallest_gap_days(of_week(kMondayToFriday)), 1);
  EXPECT_EQ(smallest_gap_days(of_week(0b000'0001)), 7);
  EXPECT_EQ(smallest_gap_days(of_week(0b000'1001)), 3) << "Monday, Thursday";
}

// Four hundred years have every month in every place.
TEST(DayGap, OfADayOfTheMonthIsWhatTheCalendarHas) {
  for (std::uint8_t of = 1; of <= 31; ++of) {
    std::int32_t last = 0;
    std::int32_t largest = 0;
    std::int32_t smallest = 1'000;
    const std::int32_t end = date(2400, 1, 1).days;
    for (std::int32_t day = date(2000, 1, 1).days; day < end; ++day) {
      if (base::civil_from_days(day).day != of) continue;
      if (last != 0) largest = std::max(largest, day - last);
      if (last != 0) smallest = std::min(smallest, day - last);
      last = day;
    }
    EXPECT_EQ(largest_gap_days(of_month(of)), largest) << int{of};
    EXPECT_EQ(smallest_gap_days(of_month(of)), smallest) << int{of};
  }
}

}  // namespace
}  // namespace sojourn::proof
