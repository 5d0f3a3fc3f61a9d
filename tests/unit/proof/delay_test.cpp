#include "proof/delay.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"

namespace sojourn::proof {
namespace {

using base::days24;
using base::hours;
using base::Millis;
using engine::test::calendar_days;
using engine::test::clock;
using engine::test::elapsed_hours;

constexpr graph::Duration kMonth{1, 0, 0};

graph::Rung rung(graph::Duration offset, bool before,
                 std::optional<graph::TimeOfDay> at = std::nullopt) {
  return {.offset = offset, .before = before, .at = at, .body = graph::kCompleted};
}

Millis operator+(Millis a, Millis b) {
  return Millis{a.count + b.count};
}
Millis operator-(Millis a, Millis b) {
  return Millis{a.count - b.count};
}

TEST(Delay, ElapsedTimeIsExact) {
  EXPECT_EQ(delay_of(elapsed_hours(24), std::nullopt), (Delay{hours(24), hours(24)}));
}

TEST(Delay, ACalendarDayIs24HoursAndAClockChange) {
  EXPECT_EQ(delay_of(calendar_days(1), std::nullopt), (Delay{hours(22), hours(26)}));
  EXPECT_EQ(delay_of(calendar_days(7), std::nullopt),
            (Delay{days24(7) - hours(2), days24(7) + hours(2)}));
}

TEST(Delay, AMonthIs28To31Days) {
  EXPECT_EQ(delay_of(kMonth, std::nullopt), (Delay{days24(28) - hours(2), days24(31) + hours(2)}));
}

TEST(Delay, TwelveMonthsAreAYearWithOrWithoutALeapDay) {
  EXPECT_EQ(delay_of({12, 0, 0}, std::nullopt),
            (Delay{days24(365) - hours(2), days24(366) + hours(2)}));
}

TEST(Delay, ATimeOfDayIsOnTheDayReached) {
  // Begun just before midnight, or just after.
  EXPECT_EQ(delay_of(calendar_days(1), clock(9)), (Delay{hours(7) + Millis{1}, hours(35)}));
}

TEST(Delay, NothingEndsBeforeItBegins) {
  EXPECT_EQ(delay_of(calendar_days(0), clock(9)).least, Millis{0});
}

TEST(Delay, HugeDurationsStayInBounds) {
  const Delay huge = delay_of({2'000'000'000, 2'000'000'000, INT64_MAX}, std::nullopt);
  EXPECT_LE(huge.least, huge.most);
  EXPECT_EQ(huge.most, kForever);
}

TEST(Delay, SumsStopAtForever) {
  EXPECT_EQ(plus(kForever, hours(1)), kForever);
  EXPECT_EQ(plus(Millis{INT64_MAX}, Millis{INT64_MAX}), kForever);
  EXPECT_EQ(plus(hours(-3), hours(1)), hours(-2));
}

TEST(Delay, AMomentBeforeIsNegative) {
  EXPECT_EQ(moment_of(rung(calendar_days(3), true)),
            (Delay{hours(-2) - days24(3), hours(2) - days24(3)}));
}

TEST(Delay, BetweenTwoMomentsTheTimeOfDayOfTCancels) {
  const Millis least = least_between(rung(calendar_days(3), true, clock(9)),
                                     rung(calendar_days(1), true, clock(10)));
  EXPECT_EQ(least, days24(2) + hours(1) - hours(2));
}

TEST(Delay, FromOneReadingOfTheClockNothingChangesIt) {
  const graph::Duration day_and_two_hours{0, 1, hours(2).count};
  EXPECT_EQ(least_between(rung(calendar_days(1), false), rung(day_and_two_hours, false)), hours(2));
}

TEST(Delay, MonthsAndDaysMayStandEitherWayRound) {
  const graph::Rung month = rung(kMonth, true);
  const graph::Rung thirty_days = rung(calendar_days(30), true);
  EXPECT_LT(least_between(month, thirty_days), Millis{0});
  EXPECT_LT(least_between(thirty_days, month), Millis{0});
}

}  // namespace
}  // namespace sojourn::proof
