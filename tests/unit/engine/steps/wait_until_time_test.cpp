#include <gtest/gtest.h>

#include "base/civil.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using graph::DayRule;
using graph::Value;
using test::clock;
using test::GraphBuilder;
using test::OneUser;

constexpr std::uint8_t kMonday = 1;
constexpr std::uint8_t kMondayToFriday = 0b001'1111;

graph::Date date(std::int64_t year, int month, int day) {
  return {static_cast<std::int32_t>(base::days_from_civil({year, month, day}))};
}

// `wait until [DAY] FROM[..TO]`, in Berlin or where the profile says.
class WaitUntilTime : public testing::Test {
 protected:
  void enters(std::string_view begun) {
    b_.zone(b_.user("timeZone"));
    step_.next = b_.exit("reached");
    user_.emplace(b_.build(b_.step("wait", step_)));
    user_->at(begun);
    user_->enters();
  }
  void weekdays(std::uint8_t days) {
    step_.day.kind = DayRule::Kind::kOfWeek;
    step_.day.weekdays = days;
  }
  void day_of_month(std::uint8_t day) {
    step_.day.kind = DayRule::Kind::kOfMonth;
    step_.day.day_of_month = day;
  }

  GraphBuilder b_;
  graph::WaitUntilTime step_{.day = {}, .from = clock(9), .to = {}};
  std::optional<OneUser> user_;
};

TEST_F(WaitUntilTime, ComesTodayIfItIsStillAhead) {
  enters("2026-01-10T07:59Z");
  EXPECT_EQ(user_->due(), "2026-01-10T08:00:00Z");
  user_->passes_until("2026-01-10T08:00Z");
  EXPECT_EQ(user_->place(), "ended: reached");
}

TEST_F(WaitUntilTime, IsStrictlyLaterThanNow) {
  enters("2026-01-10T08:00Z");
  EXPECT_EQ(user_->due(), "2026-01-11T08:00:00Z");
}

TEST_F(WaitUntilTime, ComesOnTheNextSuchWeekday) {
  weekdays(kMonday);
  enters("2026-01-12T08:00Z");  // a Monday, at nine
  EXPECT_EQ(user_->due(), "2026-01-19T08:00:00Z");
}

TEST_F(WaitUntilTime, LeavesOutExceptedDays) {
  weekdays(kMondayToFriday);
  step_.day.except = {date(2026, 1, 12), date(2026, 1, 13)};
  enters("2026-01-10T12:00Z");  // a Saturday
  EXPECT_EQ(user_->due(), "2026-01-14T08:00:00Z");
}

TEST_F(WaitUntilTime, FindsADayBehindAYearOfExceptedOnes) {
  weekdays(kMonday);
  const std::int32_t first = date(2026, 1, 12).days;
  for (std::int32_t week = 0; week < 52; ++week) step_.day.except.push_back({first + 7 * week});
  enters("2026-01-10T12:00Z");
  EXPECT_EQ(user_->due(), "2027-01-11T08:00:00Z");
}

TEST_F(WaitUntilTime, LeavesOutMonthsWithoutTheDay) {
  day_of_month(31);
  enters("2026-01-31T12:00Z");
  EXPECT_EQ(user_->due(), "2026-03-31T07:00:00Z");
}

TEST_F(WaitUntilTime, GoesOnAtOnceInsideAWindow) {
  step_.to = clock(17);
  enters("2026-01-10T08:00Z");
  EXPECT_EQ(user_->place(), "ended: reached");
}

TEST_F(WaitUntilTime, TheEndOfAWindowIsOutside) {
  step_.to = clock(17);
  enters("2026-01-10T16:00Z");
  EXPECT_EQ(user_->due(), "2026-01-11T08:00:00Z");
}

TEST_F(WaitUntilTime, AWindowAcrossMidnightBelongsToTheDayItBeginsOn) {
  weekdays(kMonday);
  step_.from = clock(21);
  step_.to = clock(8);
  enters("2026-01-13T06:59Z");  // Tuesday, 07:59
  EXPECT_EQ(user_->place(), "ended: reached");
}

TEST_F(WaitUntilTime, TheMorningBeforeThatDayIsOutsideItsWindow) {
  weekdays(kMonday);
  step_.from = clock(21);
  step_.to = clock(8);
  enters("2026-01-12T06:59Z");  // Monday, 07:59
  EXPECT_EQ(user_->due(), "2026-01-12T20:00:00Z");
}

TEST_F(WaitUntilTime, ATimeInAGapIsTheFirstInstantAfterIt) {
  step_.from = clock(2, 30);
  enters("2026-03-28T12:00Z");
  EXPECT_EQ(user_->due(), "2026-03-29T01:00:00Z");
}

TEST_F(WaitUntilTime, ATimeInAnOverlapComesOnce) {
  step_.from = clock(2, 30);
  enters("2026-10-25T00:30Z");  // the first 02:30
  EXPECT_EQ(user_->due(), "2026-10-26T01:30:00Z");
}

TEST_F(WaitUntilTime, MovesWithTheZoneOfTheProfile) {
  enters("2026-01-10T12:00Z");
  EXPECT_EQ(user_->due(), "2026-01-11T08:00:00Z");
  user_->change("timeZone", Value("America/New_York"));
  EXPECT_EQ(user_->due(), "2026-01-11T14:00:00Z");
}

TEST_F(WaitUntilTime, IsDueNowWhenTheZoneMovesItIntoThePast) {
  enters("2026-01-10T12:00Z");
  user_->at("2026-01-11T03:00Z");
  user_->change("timeZone", Value("Asia/Tokyo"));
  EXPECT_EQ(user_->place(), "ended: reached");
}

}  // namespace
}  // namespace sojourn::engine
