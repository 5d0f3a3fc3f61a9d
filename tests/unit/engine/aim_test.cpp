#include "engine/aim.h"

#include <gtest/gtest.h>
#include <limits>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::Duration;
using test::calendar_days;
using test::elapsed_hours;
using test::instant;

class AimTest : public testing::Test {
 protected:
  test::TestZones zones_;
  const calendar::Zone& berlin_ = *zones_.find("Europe/Berlin");
};

TEST_F(AimTest, ElapsedTimeHasNoLocalTime) {
  const Aim target = aim(berlin_, instant("2026-03-28T12:00Z"), elapsed_hours(24), false, {});
  EXPECT_EQ(target.due, instant("2026-03-29T12:00Z"));
  EXPECT_FALSE(target.local.has_value());
}

TEST_F(AimTest, CalendarTimeKeepsTheReading) {
  const Aim target = aim(berlin_, instant("2026-03-28T12:00Z"), calendar_days(1), false, {});
  EXPECT_EQ(target.due, instant("2026-03-29T11:00Z"));
  EXPECT_EQ(target.local->millis, 13 * 3'600'000);
}

TEST_F(AimTest, AReadingInTheGapIsKeptAndFallsAtItsEnd) {
  const Aim target = aim(berlin_, instant("2026-03-28T01:30Z"), calendar_days(1), false, {});
  EXPECT_EQ(target.local->millis, 2 * 3'600'000 + 30 * 60'000);  // 02:30 does not exist
  EXPECT_EQ(target.due, instant("2026-03-29T01:00Z"));
}

TEST_F(AimTest, CalendarUnitsComeFirstThenElapsed) {
  const Duration day_and_half{.months = 0, .days = 1, .millis = 12 * 3'600'000};
  const Aim target = aim(berlin_, instant("2026-03-28T12:00Z"), day_and_half, false, {});
  EXPECT_EQ(target.due, instant("2026-03-29T23:00Z"));
  EXPECT_TRUE(target.local.has_value());
}

TEST_F(AimTest, BeforeGoesTheOtherWay) {
  EXPECT_EQ(aim(berlin_, instant("2026-03-30T08:00Z"), calendar_days(3), true, {}).due,
            instant("2026-03-27T09:00Z"));
  EXPECT_EQ(aim(berlin_, instant("2026-03-30T08:00Z"), calendar_days(3), true, test::clock(7)).due,
            instant("2026-03-27T06:00Z"));
}

// Apia went from the 29th of December 2011 to the 31st.
TEST_F(AimTest, ATimeOnADayThatTheZoneSkippedIsThatOfTheDayAfter) {
  const calendar::Zone apia("Pacific/Apia", -10 * 3600,
                            {{instant("2011-12-30T10:00Z"), 14 * 3600}});
  const base::Instant before = instant("2011-12-29T18:00Z");
  const base::Instant after = instant("2012-01-01T18:00Z");
  const base::Instant nine_on_the_31st = instant("2011-12-30T19:00Z");
  EXPECT_EQ(aim(apia, before, calendar_days(1), false, test::clock(9)).due, nine_on_the_31st);
  EXPECT_EQ(aim(apia, after, calendar_days(3), true, test::clock(9)).due, nine_on_the_31st);
  EXPECT_EQ(aim(apia, before, calendar_days(2), false, test::clock(9)).due, nine_on_the_31st);
  EXPECT_EQ(aim(apia, before, calendar_days(1), false, {}).due, instant("2011-12-30T10:00Z"));
}

// Nuuk's Saturday ended at 23:00 on 30 March 2024. It was a day all the same.
TEST_F(AimTest, ATimeOnADayThatTheClockCutShortIsOnThatDay) {
  const calendar::Zone nuuk("America/Nuuk", -2 * 3600, {{instant("2024-03-31T01:00Z"), -3600}});
  const base::Instant half_past_eleven = instant("2024-03-30T01:30Z");
  EXPECT_EQ(aim(nuuk, half_past_eleven, calendar_days(1), false, {}).due,
            instant("2024-03-31T01:00Z"));
  EXPECT_EQ(aim(nuuk, half_past_eleven, calendar_days(1), false, test::clock(9)).due,
            instant("2024-03-30T11:00Z"));
}

TEST_F(AimTest, NothingLeavesTheCalendar) {
  constexpr Duration kFurthest{std::numeric_limits<std::int32_t>::max(),
                               std::numeric_limits<std::int32_t>::max(),
                               std::numeric_limits<std::int64_t>::max()};
  const base::Instant now = instant("2026-03-01T00:00Z");
  EXPECT_EQ(aim(berlin_, now, kFurthest, false, {}).due, base::kNever);
  EXPECT_LT(aim(berlin_, now, kFurthest, true, {}).due, now);
  EXPECT_EQ(later(now, base::Millis{std::numeric_limits<std::int64_t>::max()}), base::kNever);
  EXPECT_LT(later(now, base::Millis{std::numeric_limits<std::int64_t>::min()}), now);
  EXPECT_EQ(later(base::Instant{std::numeric_limits<std::int64_t>::max()}, {}), base::kNever);
}

TEST_F(AimTest, ATimerWithoutLocalTimeIsNotMovedByAZone) {
  Timer timer = make_timer(Timer::Purpose::kWait, 0,
                           aim(berlin_, instant("2026-03-01T09:00Z"), elapsed_hours(2), false, {}),
                           berlin_, zones_);
  const Timer before = timer;
  rezone(timer, *zones_.find("Asia/Tokyo"), zones_);
  EXPECT_EQ(timer, before);
}

TEST_F(AimTest, ATimerMovesToItsLocalTimeInAnotherZone) {
  Timer timer = make_timer(Timer::Purpose::kWait, 0,
                           aim(berlin_, instant("2026-03-01T08:00Z"), calendar_days(1), false, {}),
                           berlin_, zones_);
  EXPECT_EQ(timer.due, instant("2026-03-02T08:00Z"));
  rezone(timer, *zones_.find("America/New_York"), zones_);
  EXPECT_EQ(timer.due, instant("2026-03-02T14:00Z"));
  EXPECT_EQ(timer.intent->zone, "Europe/Berlin") << "by which it was chosen";
  rezone(timer, berlin_, zones_);
  EXPECT_EQ(timer.due, instant("2026-03-02T08:00Z")) << "and back";
}

// 01:30 of the 24th, a day and 90 minutes on: 02:00, for the second time.
TEST_F(AimTest, TheSecondOfTwoEqualReadingsIsKept) {
  const Duration day_and_more{.months = 0, .days = 1, .millis = 90 * 60'000};
  Timer timer = make_timer(Timer::Purpose::kWait, 0,
                           aim(berlin_, instant("2026-10-23T23:30Z"), day_and_more, false, {}),
                           berlin_, zones_);
  EXPECT_EQ(timer.due, instant("2026-10-25T01:00Z"));
  rezone(timer, berlin_, zones_);
  EXPECT_EQ(timer.due, instant("2026-10-25T01:00Z"));
}

}  // namespace
}  // namespace sojourn::engine
