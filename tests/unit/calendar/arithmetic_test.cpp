#include "calendar/arithmetic.h"

#include <gtest/gtest.h>

#include "base/civil.h"

namespace sojourn::calendar {
namespace {

constexpr std::int32_t kHour = 3600;
constexpr std::int64_t kHourMillis = 3'600'000;

base::Instant utc(const char* text) {
  return base::parse_timestamp(text).value();
}

LocalTime day(std::int64_t year, int month, int day_of_month) {
  return LocalTime{static_cast<std::int32_t>(base::days_from_civil({year, month, day_of_month})),
                   0};
}

Zone berlin() {
  return Zone("Europe/Berlin", kHour,
              {{utc("2026-03-29T01:00Z"), 2 * kHour}, {utc("2026-10-25T01:00Z"), kHour}});
}

Zone apia() {
  return Zone("Pacific/Apia", -10 * kHour, {{utc("2011-12-30T10:00Z"), 14 * kHour}});
}

TEST(CalendarAdd, ADayIsTheSameWallClockTimeAndTwentyFourHoursAreElapsed) {
  const Zone zone = berlin();
  const base::Instant noon_before = utc("2026-03-28T11:00Z");                           // 12:00
  EXPECT_EQ(add(zone, noon_before, 0, 1, 0), utc("2026-03-29T10:00Z"));                 // 12:00
  EXPECT_EQ(add(zone, noon_before, 0, 0, 24 * kHourMillis), utc("2026-03-29T11:00Z"));  // 13:00
}

TEST(CalendarAdd, CalendarUnitsComeFirst) {
  const Zone zone = berlin();
  // One day on is 01:30 before the gap; two hours later the clock shows 04:30.
  EXPECT_EQ(add(zone, utc("2026-03-28T00:30Z"), 0, 1, 2 * kHourMillis), utc("2026-03-29T02:30Z"));
}

TEST(CalendarAdd, AReadingInAGapIsTheFirstInstantAfterIt) {
  EXPECT_EQ(add(berlin(), utc("2026-03-28T01:30Z"), 0, 1, 0), utc("2026-03-29T01:00Z"));
}

TEST(CalendarAdd, AReadingInAnOverlapIsTheFirstOfTheTwo) {
  EXPECT_EQ(add(berlin(), utc("2026-10-24T00:30Z"), 0, 1, 0), utc("2026-10-25T00:30Z"));
}

TEST(CalendarAdd, ElapsedTimeAloneKeepsTheSecondPassOfAnOverlap) {
  EXPECT_EQ(add(berlin(), utc("2026-10-25T01:30Z"), 0, 0, 0), utc("2026-10-25T01:30Z"));
}

TEST(CalendarAdd, ADayItsMonthLacksIsTheLastOfTheMonth) {
  EXPECT_EQ(add(day(2026, 1, 31), 1, 0), day(2026, 2, 28));
  EXPECT_EQ(add(day(2024, 1, 31), 1, 0), day(2024, 2, 29));
  EXPECT_EQ(add(day(2026, 5, 31), -3, 0), day(2026, 2, 28));
  EXPECT_EQ(add(day(2024, 2, 29), 12, 0), day(2025, 2, 28));
}

TEST(CalendarAdd, DaysAreCountedFromTheClampedMonth) {
  EXPECT_EQ(add(day(2026, 1, 31), 1, 1), day(2026, 3, 1));
}

TEST(CalendarAdd, MonthsCrossYearsBothWays) {
  EXPECT_EQ(add(day(2026, 11, 15), 3, 0), day(2027, 2, 15));
  EXPECT_EQ(add(day(2026, 2, 15), -3, 0), day(2025, 11, 15));
}

TEST(CalendarAdd, ASkippedDayIsTheFirstInstantAfterIt) {
  EXPECT_EQ(add(apia(), utc("2011-12-29T19:00Z"), 0, 1, 0), utc("2011-12-30T10:00Z"));
}

TEST(CalendarAdd, WhatLeavesTheCalendarIsNothing) {
  const Zone zone("UTC", 0, {});
  EXPECT_EQ(add(zone, utc("2026-01-01T00:00Z"), 12 * 8000, 0, 0), std::nullopt);
  EXPECT_EQ(add(zone, utc("2026-01-01T00:00Z"), -12 * 2026, 0, 0), std::nullopt);
  EXPECT_EQ(add(zone, utc("2026-01-01T00:00Z"), 0, INT32_MAX, 0), std::nullopt);
  EXPECT_EQ(add(zone, utc("2026-01-01T00:00Z"), 0, 0, INT64_MAX), std::nullopt);
  EXPECT_EQ(add(zone, utc("2026-01-01T00:00Z"), INT32_MIN, INT32_MIN, INT64_MIN), std::nullopt);
  EXPECT_EQ(add(zone, base::Instant{INT64_MIN}, 0, 0, 1), std::nullopt);
}

// The next one on any day, as an instant.
std::optional<base::Instant> next_daily(const Zone& zone, base::Instant after,
                                        std::int32_t minute) {
  const auto every_day = [](std::int32_t) { return true; };
  const auto reading = next_local_time(zone, after, minute, every_day, 2);
  if (!reading) return std::nullopt;
  return zone.to_instant(*reading);
}

TEST(NextLocalTime, IsStrictlyLaterThanNow) {
  const Zone zone = berlin();
  EXPECT_EQ(next_daily(zone, utc("2026-01-10T07:59Z"), 9 * 60), utc("2026-01-10T08:00Z"));
  EXPECT_EQ(next_daily(zone, utc("2026-01-10T08:00Z"), 9 * 60), utc("2026-01-11T08:00Z"));
}

TEST(NextLocalTime, ADailyHalfPastTwoComesOnceOnEveryDayInSpring) {
  const Zone zone = berlin();
  const auto first = next_daily(zone, utc("2026-03-28T02:00Z"), 150);
  ASSERT_EQ(first, utc("2026-03-29T01:00Z"));
  EXPECT_EQ(next_daily(zone, *first, 150), utc("2026-03-30T00:30Z"));
}

TEST(NextLocalTime, ADailyHalfPastTwoComesOnceOnEveryDayInAutumn) {
  const Zone zone = berlin();
  const auto first = next_daily(zone, utc("2026-10-24T23:00Z"), 150);
  ASSERT_EQ(first, utc("2026-10-25T00:30Z"));
  EXPECT_EQ(next_daily(zone, *first, 150), utc("2026-10-26T01:30Z"));
}

TEST(NextLocalTime, ASkippedDayHasNoTimes) {
  EXPECT_EQ(next_daily(apia(), utc("2011-12-29T22:00Z"), 9 * 60), utc("2011-12-30T19:00Z"));
}

TEST(NextLocalTime, LooksForAWantedDay) {
  const Zone zone = berlin();
  const auto sundays = [](std::int32_t day) { return weekday(day) == 7; };
  // 2026-01-10 is a Saturday.
  EXPECT_EQ(next_local_time(zone, utc("2026-01-10T07:59Z"), 9 * 60, sundays, 7),
            (LocalTime{day(2026, 1, 11).day, 9 * 3'600'000}));
  EXPECT_EQ(next_local_time(zone, utc("2026-01-11T08:00Z"), 9 * 60, sundays, 7),
            (LocalTime{day(2026, 1, 18).day, 9 * 3'600'000}));
  EXPECT_EQ(next_local_time(zone, utc("2026-01-11T08:00Z"), 9 * 60, sundays, 6), std::nullopt);
}

TEST(Weekday, CountsFromMonday) {
  EXPECT_EQ(weekday(day(2026, 3, 2).day), 1);
  EXPECT_EQ(weekday(day(2026, 3, 8).day), 7);
  EXPECT_EQ(weekday(0), 4);
  EXPECT_EQ(weekday(-4), 7);
}

}  // namespace
}  // namespace sojourn::calendar
