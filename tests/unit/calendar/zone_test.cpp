#include "calendar/zone.h"

#include <gtest/gtest.h>

#include "base/civil.h"

namespace sojourn::calendar {
namespace {

constexpr std::int32_t kHour = 3600;

base::Instant utc(const char* text) {
  return base::parse_timestamp(text).value();
}

LocalTime local(std::int64_t year, int month, int day, int hour, int minute) {
  return LocalTime{static_cast<std::int32_t>(base::days_from_civil({year, month, day})),
                   (hour * 60 + minute) * 60'000};
}

// New York in 2026: clocks go forward on 8 March and back on 1 November.
Zone new_york() {
  return Zone("America/New_York", -5 * kHour,
              {{utc("2026-03-08T07:00Z"), -4 * kHour}, {utc("2026-11-01T06:00Z"), -5 * kHour}});
}

TEST(Zone, TheOffsetChangesAtTheTransitionAndNotAMillisecondBefore) {
  const Zone zone = new_york();
  const base::Instant at = utc("2026-03-08T07:00Z");
  EXPECT_EQ(zone.to_local(at), local(2026, 3, 8, 3, 0));
  EXPECT_EQ(zone.to_local(base::Instant{at.millis - 1}),
            (LocalTime{local(2026, 3, 8, 0, 0).day, 2 * 3'600'000 - 1}));
}

TEST(Zone, AReadingBeforeThe1970EpochFallsOnTheDayBefore) {
  EXPECT_EQ(Zone("UTC", 0, {}).to_local(base::Instant{-1}), (LocalTime{-1, 86'399'999}));
}

TEST(Zone, AReadingInAGapIsTheFirstInstantAfterIt) {
  const Zone zone = new_york();
  EXPECT_EQ(zone.to_instant(local(2026, 3, 8, 2, 30)), utc("2026-03-08T07:00Z"));
  EXPECT_EQ(zone.to_instant(local(2026, 3, 8, 3, 0)), utc("2026-03-08T07:00Z"));
  EXPECT_EQ(zone.to_instant(local(2026, 3, 8, 1, 59)), utc("2026-03-08T06:59Z"));
}

TEST(Zone, AReadingInAnOverlapIsTheFirstOfTheTwo) {
  const Zone zone = new_york();
  EXPECT_EQ(zone.to_instant(local(2026, 11, 1, 1, 30)), utc("2026-11-01T05:30Z"));
  EXPECT_EQ(zone.to_instant(local(2026, 11, 1, 2, 0)), utc("2026-11-01T07:00Z"));
}

TEST(Zone, ADaySkippedWholeDoesNotExist) {
  // Apia crossed the date line: 29 December 2011 was followed by the 31st.
  const Zone apia("Pacific/Apia", -10 * kHour, {{utc("2011-12-30T10:00Z"), 14 * kHour}});
  const std::int32_t skipped = local(2011, 12, 30, 0, 0).day;
  EXPECT_TRUE(apia.day_exists(skipped - 1));
  EXPECT_FALSE(apia.day_exists(skipped));
  EXPECT_TRUE(apia.day_exists(skipped + 1));
  EXPECT_EQ(apia.to_instant(local(2011, 12, 30, 9, 0)), utc("2011-12-30T10:00Z"));
}

TEST(Zone, ADayWithoutMidnightExists) {
  // Sao Paulo's clocks went from 00:00 to 01:00 on 4 November 2018.
  const Zone zone("America/Sao_Paulo", -3 * kHour, {{utc("2018-11-04T03:00Z"), -2 * kHour}});
  EXPECT_TRUE(zone.day_exists(local(2018, 11, 4, 0, 0).day));
  EXPECT_EQ(zone.to_instant(local(2018, 11, 4, 0, 0)), utc("2018-11-04T03:00Z"));
}

TEST(Zone, NeighbouringTransitionsAreWalkedInOrder) {
  // Two changes within an hour: forward by one hour, then back by two.
  const Zone zone("Test/Restless", 0,
                  {{utc("2026-01-01T10:00Z"), kHour}, {utc("2026-01-01T10:30Z"), -kHour}});
  EXPECT_EQ(zone.to_instant(local(2026, 1, 1, 10, 30)), utc("2026-01-01T10:00Z"));
  EXPECT_EQ(zone.to_instant(local(2026, 1, 1, 11, 15)), utc("2026-01-01T10:15Z"));
  EXPECT_EQ(zone.to_instant(local(2026, 1, 1, 9, 45)), utc("2026-01-01T09:45Z"));
  EXPECT_EQ(zone.to_instant(local(2026, 1, 1, 11, 45)), utc("2026-01-01T12:45Z"));
}

TEST(Zone, InstantsAtTheEndsOfTimeStillHaveAReading) {
  const Zone zone = new_york();
  EXPECT_GT(zone.to_local(base::Instant{INT64_MAX}).day, 1'000'000'000);
  EXPECT_LT(zone.to_local(base::Instant{INT64_MIN}).day, -1'000'000'000);
}

TEST(ZoneDeathTest, TransitionsOutOfOrderAreABug) {
  EXPECT_DEATH(Zone("Test/Bad", 0, {{base::Instant{2}, 0}, {base::Instant{1}, 0}}),
               "in order of time");
}

}  // namespace
}  // namespace sojourn::calendar
