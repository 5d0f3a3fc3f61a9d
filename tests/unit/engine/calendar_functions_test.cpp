#include "engine/calendar_functions.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Duration;
using graph::Value;
using test::instant;

class CalendarFunctions : public testing::Test {
 protected:
  test::TestZones zones_;
  const calendar::Zone& berlin_ = *zones_.find("Europe/Berlin");
  // Eleven at night in Berlin on Saturday the 28th; the clock goes forward that night.
  const Value late_ = Value(instant("2026-03-28T22:30Z"));
};

TEST_F(CalendarFunctions, DaysMoveByTheCalendarAndHoursByTheClock) {
  const Value one_day(Duration{.months = 0, .days = 1, .millis = 0});
  const Value day_of_hours(Duration{.months = 0, .days = 0, .millis = 86'400'000});
  EXPECT_EQ(add_duration(berlin_, late_, one_day), Value(instant("2026-03-29T21:30Z")));
  EXPECT_EQ(add_duration(berlin_, late_, day_of_hours), Value(instant("2026-03-29T22:30Z")));
  EXPECT_EQ(subtract_duration(berlin_, Value(instant("2026-03-29T21:30Z")), one_day), late_);
}

TEST_F(CalendarFunctions, AMonthFromTheLastDayIsALastDay) {
  const Value month(Duration{.months = 1, .days = 0, .millis = 0});
  EXPECT_EQ(add_duration(berlin_, Value(instant("2026-01-31T09:00Z")), month),
            Value(instant("2026-02-28T09:00Z")));
}

TEST_F(CalendarFunctions, ADateTakesWholeDays) {
  const Value new_year(graph::Date{20'454});  // 2026-01-01
  const Value day_and_month(Duration{.months = 1, .days = 1, .millis = 86'400'000});
  const Value hour(Duration{.months = 0, .days = 0, .millis = 3'600'000});
  EXPECT_EQ(add_duration(berlin_, new_year, day_and_month), Value(graph::Date{20'454 + 31 + 2}));
  EXPECT_TRUE(add_duration(berlin_, new_year, hour).is_missing());
}

TEST_F(CalendarFunctions, PartsAreReadInTheZone) {
  EXPECT_EQ(weekday_of(berlin_, late_), Value("saturday"));
  EXPECT_EQ(weekday_of(*zones_.find("Asia/Tokyo"), late_), Value("sunday"));
  EXPECT_EQ(time_of(berlin_, late_), Value(graph::TimeOfDay{23 * 60 + 30}));
  EXPECT_EQ(date_of(berlin_, late_), Value(graph::Date{20'540}));
  EXPECT_EQ(year_of(berlin_, late_), Value(std::int64_t{2026}));
  EXPECT_EQ(month_of(berlin_, late_), Value(std::int64_t{3}));
  EXPECT_EQ(day_of(berlin_, late_), Value(std::int64_t{28}));
}

TEST_F(CalendarFunctions, DaysBetweenCountsMidnights) {
  const Value half_an_hour_later(instant("2026-03-28T23:00Z"));
  EXPECT_EQ(days_between(berlin_, late_, half_an_hour_later), Value(std::int64_t{1}));
  EXPECT_EQ(days_between(berlin_, half_an_hour_later, late_), Value(std::int64_t{-1}));
  EXPECT_EQ(days_between(berlin_, Value(graph::Date{3}), Value(graph::Date{10})),
            Value(std::int64_t{7}));
}

TEST_F(CalendarFunctions, DifferenceIsElapsed) {
  EXPECT_EQ(difference(Value(instant("2026-03-01T10:00Z")), Value(instant("2026-03-01T09:00Z"))),
            Value(Duration{.months = 0, .days = 0, .millis = 3'600'000}));
  EXPECT_EQ(difference(Value(graph::Date{5}), Value(graph::Date{2})),
            Value(Duration{.months = 0, .days = 3, .millis = 0}));
}

TEST_F(CalendarFunctions, WhatDoesNotFitIsMissing) {
  const Value year(Duration{.months = 12 * 9000, .days = 0, .millis = 0});
  for (const Value& v : {Value(), Value("2026-01-01"), Value(true)}) {
    EXPECT_TRUE(add_duration(berlin_, v, year).is_missing());
    EXPECT_TRUE(add_duration(berlin_, late_, v).is_missing());
    EXPECT_TRUE(date_of(berlin_, v).is_missing());
    EXPECT_TRUE(time_of(berlin_, v).is_missing());
    EXPECT_TRUE(weekday_of(berlin_, v).is_missing());
    EXPECT_TRUE(year_of(berlin_, v).is_missing());
    EXPECT_TRUE(month_of(berlin_, v).is_missing());
    EXPECT_TRUE(day_of(berlin_, v).is_missing());
    EXPECT_TRUE(days_between(berlin_, v, late_).is_missing());
    EXPECT_TRUE(difference(v, late_).is_missing());
  }
  EXPECT_TRUE(add_duration(berlin_, late_, year).is_missing());
  EXPECT_TRUE(difference(late_, Value(graph::Date{1})).is_missing());
}

}  // namespace
}  // namespace sojourn::engine
