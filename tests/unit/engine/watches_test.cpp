#include "engine/watches.h"

#include <gtest/gtest.h>

#include "base/civil.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"
#include "tests/unit/engine/watched.h"

namespace sojourn::engine {
namespace {

using graph::DateEntry;
using graph::Value;
using graph::WhenEntry;
using test::GraphBuilder;
using test::instant;
using test::OneUser;
using test::Watched;

Value date(std::int64_t year, int month, int day) {
  return Value(graph::Date{static_cast<std::int32_t>(base::days_from_civil({year, month, day}))});
}
Value time_of(std::string_view text) {
  return Value(instant(text));
}

DateEntry on(graph::ExprId field) {
  DateEntry rule;
  rule.date = field;
  return rule;
}

TEST(DateWatch, ComesAtMidnightOfTheDateWhereTheJourneyIs) {
  GraphBuilder b;
  Watched ada(b, on(b.user("birthday")));
  EXPECT_EQ(ada.set("birthday", date(2026, 3, 5)), "");
  EXPECT_EQ(ada.due(), "2026-03-04T23:00:00Z");
  EXPECT_EQ(ada.passes(), "2026-03-04T23:00:00Z");
  EXPECT_EQ(ada.due(), "") << "once";
}

TEST(DateWatch, ADateGoneByWhenItBecomesKnownDoesNotCome) {
  GraphBuilder b;
  Watched ada(b, on(b.user("ends")));
  EXPECT_EQ(ada.set("ends", time_of("2026-03-01T08:59Z")), "");
  EXPECT_EQ(ada.due(), "");
  EXPECT_EQ(ada.set("ends", Value(ada.user().now)), "") << "now is not to come";
  EXPECT_EQ(ada.due(), "");
  EXPECT_EQ(ada.set("ends", time_of("2026-03-01T09:01Z")), "");
  EXPECT_EQ(ada.passes(), "2026-03-01T09:01:00Z");
}

TEST(DateWatch, FollowsItsFieldAndTheZone) {
  GraphBuilder b;
  b.zone(b.user("timeZone"));
  DateEntry rule = on(b.user("ends"));
  rule.offset = {.months = 0, .days = 2, .millis = 0};
  rule.before = true;
  rule.at = test::clock(9);
  Watched ada(b, rule);
  ada.set("ends", time_of("2026-04-01T18:00Z"));
  EXPECT_EQ(ada.due(), "2026-03-30T07:00:00Z") << "summer time has begun";
  ada.set("timeZone", Value("Asia/Tokyo"));
  EXPECT_EQ(ada.due(), "2026-03-31T00:00:00Z") << "in Tokyo it is the 2nd of April";
  ada.set("ends", time_of("2026-03-10T18:00Z"));
  EXPECT_EQ(ada.due(), "2026-03-09T00:00:00Z");
  ada.set("ends", Value());
  EXPECT_EQ(ada.due(), "");
}

TEST(DateWatch, AMomentOverdueBeforeTheFieldMovesIsNotLost) {
  GraphBuilder b;
  Watched ada(b, on(b.user("ends")));
  ada.set("ends", time_of("2026-03-02T09:00Z"));
  ada.at("2026-03-05T09:00Z");
  EXPECT_EQ(ada.take(), "2026-03-02T09:00:00Z") << "what is due is taken before the input";
  EXPECT_EQ(ada.set("ends", time_of("2026-03-06T09:00Z")), "");
  EXPECT_EQ(ada.passes(), "2026-03-06T09:00:00Z");
}

TEST(DateWatch, NewRulesOfAZoneMoveAMomentThatWasDue) {
  GraphBuilder b;
  Watched ada(b, on(b.user("birthday")));
  ada.set("birthday", date(2026, 3, 5));
  // Berlin goes to UTC: midnight comes an hour later.
  ada.user().zones.replace(calendar::Zone("Europe/Berlin", 0, {}), "2026b");
  EXPECT_EQ(ada.passes(), "");
  EXPECT_EQ(ada.passes(), "2026-03-05T00:00:00Z");
}

TEST(DateWatch, ATimeOnADayThatTheZoneSkipsIsThatOfTheDayAfter) {
  GraphBuilder b;
  DateEntry rule = on(b.user("birthday"));
  rule.at = test::clock(9);
  Watched ada(b, rule);
  // From the 4th of March to the 6th.
  ada.user().zones.replace(
      calendar::Zone("Europe/Berlin", -10 * 3600, {{instant("2026-03-05T10:00Z"), 14 * 3600}}),
      "2026b");
  ada.set("birthday", date(2026, 3, 5));
  EXPECT_EQ(ada.due(), "2026-03-05T19:00:00Z");
}

DateEntry yearly(graph::ExprId field) {
  DateEntry rule = on(field);
  rule.every_year = true;
  rule.at = test::clock(9);
  return rule;
}

TEST(YearlyWatch, ComesEveryYearAndOnThe28thWhereTheyAreNo29th) {
  GraphBuilder b;
  Watched ada(b, yearly(b.user("birthday")));
  ada.set("birthday", date(1992, 2, 29));
  EXPECT_EQ(ada.passes(), "2027-02-28T08:00:00Z");
  EXPECT_EQ(ada.passes(), "2028-02-29T08:00:00Z");
  EXPECT_EQ(ada.passes(), "2029-02-28T08:00:00Z");
}

TEST(YearlyWatch, DistancesCrossTheYear) {
  GraphBuilder b;
  DateEntry rule = yearly(b.user("birthday"));
  rule.offset = {.months = 0, .days = 10, .millis = 0};
  rule.before = true;
  Watched ada(b, rule);
  ada.set("birthday", date(1992, 1, 5));
  EXPECT_EQ(ada.passes(), "2026-12-26T08:00:00Z");
  EXPECT_EQ(ada.passes(), "2027-12-26T08:00:00Z");

  GraphBuilder c;
  DateEntry later = yearly(c.user("birthday"));
  later.offset = {.months = 11, .days = 0, .millis = 0};
  Watched bob(c, later);
  bob.set("birthday", date(1992, 4, 15));
  EXPECT_EQ(bob.passes(), "2026-03-15T08:00:00Z");
}

TEST(YearlyWatch, TheFirstIsTheDateItself) {
  GraphBuilder b;
  Watched ada(b, yearly(b.user("birthday")));
  ada.set("birthday", date(2035, 6, 1));
  EXPECT_EQ(ada.passes(), "2035-06-01T08:00:00Z");
  EXPECT_EQ(ada.due(), "2036-06-01T08:00:00Z");
}

TEST(YearlyWatch, YearsSleptThroughComeOnce) {
  GraphBuilder b;
  Watched ada(b, yearly(b.user("birthday")));
  ada.set("birthday", date(1992, 5, 5));
  ada.at("2029-01-01T00:00Z");
  EXPECT_EQ(ada.take(), "2026-05-05T07:00:00Z");
  EXPECT_EQ(ada.take(), "");
  EXPECT_EQ(ada.due(), "2029-05-05T08:00:00Z") << "the test's zones know summer in 2026 only";
}

TEST(YearlyWatch, WhoMovesWestHasNoSecondOneThatYear) {
  GraphBuilder b;
  b.zone(b.user("timeZone"));
  Watched ada(b, yearly(b.user("birthday")));
  ada.profile().fields["timeZone"] = Value("Asia/Tokyo");
  ada.set("birthday", date(1992, 5, 5));
  EXPECT_EQ(ada.passes(), "2026-05-05T00:00:00Z");
  ada.set("timeZone", Value("America/New_York"));
  EXPECT_EQ(ada.due(), "2027-05-05T14:00:00Z");
}

TEST(YearlyWatch, AMomentThatTheZoneMovesIntoThePastComesAtOnce) {
  GraphBuilder b;
  b.zone(b.user("timeZone"));
  Watched ada(b, yearly(b.user("birthday")));
  ada.profile().fields["timeZone"] = Value("America/New_York");
  ada.set("birthday", date(1992, 5, 5));
  EXPECT_EQ(ada.due(), "2026-05-05T13:00:00Z");
  ada.at("2026-05-05T12:00Z");
  EXPECT_EQ(ada.set("timeZone", Value("Asia/Tokyo")), "2026-05-05T00:00:00Z");
  EXPECT_EQ(ada.due(), "2027-05-05T00:00:00Z");
  // The field itself moved there does not.
  EXPECT_EQ(ada.set("birthday", date(1992, 5, 4)), "");
  EXPECT_EQ(ada.due(), "2027-05-04T00:00:00Z");
}

TEST(DateWatch, WhoMovesWestHasNoSecondOne) {
  GraphBuilder b;
  b.zone(b.user("timeZone"));
  Watched ada(b, on(b.user("day")));
  ada.profile().fields["timeZone"] = Value("Asia/Tokyo");
  ada.set("day", date(2026, 3, 5));
  EXPECT_EQ(ada.passes(), "2026-03-04T15:00:00Z");
  ada.set("timeZone", Value("UTC"));
  EXPECT_EQ(ada.due(), "");
  ada.set("day", date(2026, 3, 6));
  EXPECT_EQ(ada.due(), "2026-03-06T00:00:00Z") << "another date comes by itself";
}

TEST(WhenWatch, ComesWhenItBecomesTrueAndAgainAfterItWasFalse) {
  GraphBuilder b;
  Watched ada(b, WhenEntry{b.equal(b.user("plan"), b.text("pro"))});
  EXPECT_EQ(ada.set("plan", Value("pro")), "2026-03-01T09:00:00Z");
  EXPECT_EQ(ada.set("seats", Value(std::int64_t{3})), "");
  EXPECT_EQ(ada.set("plan", Value("free")), "");
  EXPECT_EQ(ada.set("plan", Value("pro")), "2026-03-01T09:00:00Z");
}

TEST(WhenWatch, WhatHoldsAtTheFirstLookDoesNotCome) {
  GraphBuilder b;
  Watched ada(b, WhenEntry{b.equal(b.user("plan"), b.text("pro"))});
  ada.profile().fields["plan"] = Value("pro");
  EXPECT_EQ(ada.set("seats", Value(std::int64_t{3})), "");
  EXPECT_EQ(ada.set("plan", Value("free")), "");
  EXPECT_EQ(ada.set("plan", Value("pro")), "2026-03-01T09:00:00Z");
}

// no login within 7d
WhenEntry asleep(GraphBuilder& b) {
  graph::Expression count;
  count.op = graph::Op::kCountEvents;
  count.name = "login";
  count.window = {graph::Window::Kind::kWithin, base::days24(7), {}};
  return {b.equal(b.add(std::move(count)), b.integer(0))};
}

TEST(WhenWatch, TimeAloneMakesItTrueAndFalse) {
  GraphBuilder b;
  Watched ada(b, asleep(b));
  EXPECT_EQ(ada.event("login"), "");
  ada.at("2026-03-04T09:00Z");
  EXPECT_EQ(ada.event("login"), "");
  EXPECT_EQ(ada.passes(), "2026-03-11T09:00:00.001Z");
  EXPECT_EQ(ada.due(), "") << "only a login makes it false";
  EXPECT_EQ(ada.event("login"), "");
  EXPECT_EQ(ada.passes(), "2026-03-18T09:00:00.002Z");
}

TEST(WhenWatch, WhatTimeMadeFalseMayBecomeTrueByAnEvent) {
  GraphBuilder b;
  graph::ExprId quiet = asleep(b).condition;
  Watched ada(b, WhenEntry{b.op(graph::Op::kNot, {quiet})});  // any login within 7d
  EXPECT_EQ(ada.event("login"), "2026-03-01T09:00:00Z");
  EXPECT_EQ(ada.passes(), "") << "it stops to hold";
  ada.at("2026-04-01T09:00Z");
  EXPECT_EQ(ada.event("login"), "2026-04-01T09:00:00Z");
}

TEST(Watches, GoOnFromWhatWasStored) {
  GraphBuilder b;
  b.graph().watched.push_back({0, WhenEntry{b.equal(b.user("plan"), b.text("pro"))}});
  OneUser user(b.build(graph::kCompleted));
  const std::vector<const graph::Graph*> graphs{&user.graph()};
  const WatchPlan plan(graphs);
  const std::vector<KnownWatch> holds{{0, Watch{true, {}, {}, {}}}};

  Watches known;
  known.restore(holds, true);
  EXPECT_TRUE(known.begun());
  Watches of_other_program;
  of_other_program.restore(holds, false);
  EXPECT_FALSE(of_other_program.begun());
  of_other_program.begin(plan, user.facts(), user.now);
  ASSERT_EQ(of_other_program.known().size(), 1U);
  EXPECT_TRUE(of_other_program.known()[0].watch.holds) << "what is known is not looked at anew";
  Watches unknown;
  unknown.restore({}, false);
  unknown.begin(plan, user.facts(), user.now);
  EXPECT_TRUE(unknown.known().empty());
}

TEST(WatchPlan, ARuleKeepsItsKeyWhileItSaysTheSame) {
  const auto key = [](const char* plan, const char* journey) {
    GraphBuilder b;
    b.graph().journey = journey;
    b.graph().watched.push_back({0, WhenEntry{b.equal(b.user("plan"), b.text(plan))}});
    const graph::Graph graph = b.build(graph::kCompleted);
    const std::vector<const graph::Graph*> graphs{&graph};
    return WatchPlan(graphs).rules()[0].key;
  };
  EXPECT_EQ(key("pro", "a"), key("pro", "a"));
  EXPECT_NE(key("pro", "a"), key("free", "a"));
  EXPECT_NE(key("pro", "a"), key("pro", "b"));
}

TEST(WatchPlan, OnlyWhatReadsAFieldIsLookedAt) {
  GraphBuilder b;
  b.zone(b.user("timeZone"));
  b.graph().watched.push_back({0, WhenEntry{b.equal(b.user("plan"), b.text("pro"))}});
  b.graph().watched.push_back({0, asleep(b)});
  const graph::Graph graph = b.build(graph::kCompleted);
  const std::vector<const graph::Graph*> graphs{&graph};
  const WatchPlan plan(graphs);
  EXPECT_EQ(plan.reading_field("plan").size(), 1U);
  EXPECT_EQ(plan.reading_field("timeZone").size(), 2U);
  EXPECT_TRUE(plan.reading_field("seats").empty());
  ASSERT_EQ(plan.reading_event("login").size(), 1U);
  EXPECT_EQ(plan.reading_event("login")[0], 1U);
}

}  // namespace
}  // namespace sojourn::engine
