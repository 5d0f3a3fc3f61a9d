#include "proof/enrollments.h"

#include <gtest/gtest.h>
#include <string_view>

#include "tests/unit/proof/written.h"

namespace sojourn::proof {
namespace {

Enrollments of(std::string_view clauses) {
  const test::Written journey = test::written("send a", clauses);
  return enrollments_of(journey.graph());
}

TEST(Enrollments, OneUnlessItSaysOtherwise) {
  EXPECT_TRUE(of("").once());
  EXPECT_TRUE(of("reenter never").once());
  EXPECT_EQ(of("").per_week, 1U);
}

TEST(Enrollments, ReentriesAreCounted) {
  const Enrollments always = of("reenter always");
  EXPECT_EQ(always.in_all, std::nullopt);
  EXPECT_EQ(always.per_day, std::nullopt);
  const Enrollments twice = of("reenter after 1h up to 2 times");
  EXPECT_EQ(twice.in_all, 3U);
  EXPECT_EQ(twice.per_day, 3U);
}

TEST(Enrollments, TheGapKeepsThemApart) {
  const Enrollments after = of("reenter after 7d");
  EXPECT_EQ(after.in_all, std::nullopt);
  EXPECT_EQ(after.per_day, 1U);
  // Seven days of the calendar may be shorter than 168 h.
  EXPECT_EQ(after.per_week, std::nullopt);
  EXPECT_EQ(of("reenter after 168h").per_week, 1U);
  EXPECT_EQ(of("reenter after 7d up to 4 times").per_week, 5U);
}

TEST(Enrollments, RestartsAreInARow) {
  const Enrollments restarted = of("while enrolled restart up to 2 times");
  EXPECT_EQ(restarted.in_a_row, 3U);
  EXPECT_TRUE(restarted.once());
}

TEST(Enrollments, OnePerIsNotBounded) {
  EXPECT_EQ(of("one per entry.t").in_all, std::nullopt);
  EXPECT_EQ(of("one per entry.t reenter after 168h").per_week, std::nullopt);
}

TEST(Enrollments, NothingTimesWithoutBoundIsNothing) {
  EXPECT_EQ(times(0, std::nullopt), 0U);
  EXPECT_EQ(times(3, std::nullopt), std::nullopt);
  EXPECT_EQ(times(std::nullopt, 2), std::nullopt);
  EXPECT_EQ(times(3, 2), 6U);
}

// With only these lines to start it.
Enrollments by(std::string_view clauses, std::optional<base::Millis> lasts = base::hours(12)) {
  test::Written journey = test::written("send a", std::string("reenter always ").append(clauses),
                                        "segment here = user.flag");
  graph::Graph graph = journey.graph();
  // The first is that of `written`.
  graph.entries.erase(graph.entries.begin());
  for (graph::WatchedEntry& watched : graph.watched) --watched.entry;
  return enrollments_of(graph, lasts);
}

TEST(Enrollments, ASchedulePartsThem) {
  const Enrollments weekly = by("enter every monday at 09:00 for here timezone \"UTC\"");
  EXPECT_EQ(weekly.in_all, std::nullopt);
  EXPECT_EQ(weekly.per_day, 1U);
  // Monday at nine and again a week later, an hour less when the clock changes.
  EXPECT_EQ(weekly.per_week, 2U);
  const Enrollments daily = by("enter every day at 09:00 for here timezone \"UTC\"");
  EXPECT_EQ(daily.per_day, 2U);
  EXPECT_EQ(daily.per_week, 8U);
}

TEST(Enrollments, ATravellerMeetsThemCloserTogether) {
  const Enrollments daily = by(
      "enter every day at 09:00 for here timezone user.timeZone default \"UTC\"", base::hours(0));
  // Within 24 hours and the 26 between the first zone and the last.
  EXPECT_EQ(daily.per_day, 3U);
}

TEST(Enrollments, WithoutAnEndTheOneBeforeMayStillGoOn) {
  EXPECT_EQ(by("enter every monday at 09:00 for here timezone \"UTC\"", std::nullopt).per_day, 2U);
}

TEST(Enrollments, AMomentComesOnce) {
  const Enrollments twice =
      by("enter at 2026-03-02T09:00Z for here enter at 2026-04-02T09:00Z for here");
  EXPECT_EQ(twice.in_all, 2U);
  EXPECT_EQ(twice.per_week, 2U);
}

TEST(Enrollments, AQueueOrAnotherEntryTakesTheBoundAway) {
  EXPECT_EQ(by("enter every monday at 09:00 for here pace 1 per 1h").per_day, std::nullopt);
  EXPECT_EQ(by("enter every monday at 09:00 for here enter on login").per_day, std::nullopt);
}

}  // namespace
}  // namespace sojourn::proof
