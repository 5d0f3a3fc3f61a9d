#include <gtest/gtest.h>

#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using test::calendar_days;
using test::clock;
using test::elapsed_hours;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

// In Europe/Berlin; after the wait the journey ends.
OneUser waiting(std::string_view begun, graph::Duration duration,
                std::optional<graph::TimeOfDay> at = std::nullopt, const char* zone = nullptr) {
  GraphBuilder b;
  if (zone != nullptr) b.zone(b.user(zone));
  OneUser user(b.build(b.step("wait", graph::Wait{.duration = duration, .at = at})));
  user.at(begun);
  user.enters();
  return user;
}

TEST(Wait, OneDayKeepsTheWallClockAcrossAClockChange) {
  OneUser user = waiting("2026-03-28T11:00Z", calendar_days(1));  // 12:00 in Berlin
  EXPECT_EQ(user.due(), "2026-03-29T10:00:00Z");                  // 12:00 the next day
}

TEST(Wait, TwentyFourHoursElapseAcrossAClockChange) {
  OneUser user = waiting("2026-03-28T11:00Z", elapsed_hours(24));
  EXPECT_EQ(user.due(), "2026-03-29T11:00:00Z");
}

TEST(Wait, OnlyACalendarWaitKeepsItsLocalTime) {
  EXPECT_TRUE(waiting("2026-03-01T09:00Z", calendar_days(1)).enrollment->timers[0].intent);
  EXPECT_TRUE(
      waiting("2026-03-01T09:00Z", elapsed_hours(24), clock(9)).enrollment->timers[0].intent);
  EXPECT_FALSE(waiting("2026-03-01T09:00Z", elapsed_hours(24)).enrollment->timers[0].intent);
}

TEST(Wait, AtSetsTheTimeOnTheDayReachedAlsoEarlierThanTheTimeBegun) {
  OneUser user = waiting("2026-03-01T14:00Z", calendar_days(3), clock(9));
  EXPECT_EQ(user.due(), "2026-03-04T08:00:00Z");
}

TEST(Wait, AtThatIsNotLaterThanTheBeginningGoesOnAtOnce) {
  EXPECT_EQ(waiting("2026-03-01T09:00Z", calendar_days(0), clock(9)).place(), "ended: completed");
  EXPECT_EQ(waiting("2026-03-01T08:00Z", calendar_days(0), clock(9)).place(), "ended: completed");
  OneUser still_to_come = waiting("2026-03-01T07:59Z", calendar_days(0), clock(9));
  EXPECT_EQ(still_to_come.due(), "2026-03-01T08:00:00Z");
}

TEST(Wait, NeverEndsEarlyAndEndsOnce) {
  OneUser user = waiting("2026-03-01T09:00Z", elapsed_hours(1));
  user.at("2026-03-01T09:59:59.999Z");
  const Enrollment before = *user.enrollment;
  user.wakes();
  EXPECT_EQ(*user.enrollment, before);
  user.at("2026-03-01T10:00Z");
  user.wakes();
  EXPECT_EQ(user.place(), "ended: completed");
}

TEST(Wait, AnOverdueWaitEndsWhenSomebodyLooks) {
  OneUser user = waiting("2026-03-01T09:00Z", elapsed_hours(1));
  user.at("2026-03-05T09:00Z");
  user.wakes();
  EXPECT_EQ(user.place(), "ended: completed");
}

TEST(Wait, AChangedZoneMovesTheTimerLater) {
  OneUser user = waiting("2026-03-01T08:00Z", calendar_days(1), clock(9), "timeZone");
  EXPECT_EQ(user.due(), "2026-03-02T08:00:00Z");
  user.at("2026-03-01T12:00Z");
  user.change("timeZone", graph::Value("America/New_York"));
  EXPECT_EQ(user.due(), "2026-03-02T14:00:00Z");
}

TEST(Wait, AChangedZoneThatMovesTheTimerIntoThePastMakesItDueNow) {
  OneUser user = waiting("2026-03-01T08:00Z", calendar_days(1), clock(9), "timeZone");
  user.at("2026-03-02T07:00Z");  // 16:00 in Tokyo, where 09:00 has gone by
  user.change("timeZone", graph::Value("Asia/Tokyo"));
  EXPECT_EQ(user.place(), "ended: completed");
}

TEST(Wait, AnElapsedWaitIsNotMovedByAZone) {
  OneUser user = waiting("2026-03-01T08:00Z", elapsed_hours(24), std::nullopt, "timeZone");
  user.change("timeZone", graph::Value("Asia/Tokyo"));
  EXPECT_EQ(user.due(), "2026-03-02T08:00:00Z");
}

// The timer was armed under Berlin time; the profile has changed unheard since.
TEST(Wait, AZoneFoundChangedWhenTheTimerComesDueMovesItLater) {
  OneUser user = waiting("2026-03-01T08:00Z", calendar_days(1), clock(9), "timeZone");
  user.profile.fields["timeZone"] = graph::Value("America/New_York");
  user.passes_until("2026-03-02T08:00Z");
  EXPECT_EQ(user.place(), "wait");
  EXPECT_EQ(user.due(), "2026-03-02T14:00:00Z");
  user.passes_until("2026-03-02T14:00Z");
  EXPECT_EQ(user.place(), "ended: completed");
}

TEST(Wait, NewZoneRulesMoveTheTimer) {
  OneUser user = waiting("2026-03-01T08:00Z", calendar_days(1), clock(9));
  user.zones.replace(calendar::Zone("Europe/Berlin", 0, {}), "2026b");
  user.passes_until("2026-03-02T08:00Z");
  EXPECT_EQ(user.place(), "wait");
  EXPECT_EQ(user.due(), "2026-03-02T09:00:00Z");
  EXPECT_EQ(user.enrollment->timers[0].intent->tz_version, "2026b");
}

TEST(Wait, AWaitBeyondTheCalendarNeverEnds) {
  OneUser user = waiting("2026-03-01T08:00Z", {.months = 2'000'000'000, .days = 0, .millis = 0});
  EXPECT_EQ(user.enrollment->timers[0].due, base::kNever);
}

}  // namespace
}  // namespace sojourn::engine
