// engine/watches.cpp, of `enter every` and `enter at`.
#include <gtest/gtest.h>

#include "engine/watches.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"
#include "tests/unit/engine/watched.h"

namespace sojourn::engine {
namespace {

using graph::DayRule;
using graph::OneTimeEntry;
using graph::ScheduleEntry;
using graph::Value;
using test::GraphBuilder;
using test::instant;
using test::OneUser;
using test::Watched;

constexpr DayRule kMondays{
    .kind = DayRule::Kind::kOfWeek, .weekdays = 1, .except = {}, .day_of_month = 0};

ScheduleEntry members_at_nine(GraphBuilder& b, DayRule day) {
  return {std::move(day), test::clock(9), b.equal(b.user("plan"), b.text("pro"))};
}

// 2026-03-01 is a Sunday.
TEST(ScheduleWatch, ComesAtEachOfItsMomentsForThoseItIsFor) {
  GraphBuilder b;
  Watched ada(b, members_at_nine(b, kMondays));
  ada.begin();
  EXPECT_EQ(ada.due(), "2026-03-02T08:00:00Z");
  EXPECT_EQ(ada.set("plan", Value("pro")), "") << "who is asked when it comes";
  EXPECT_EQ(ada.passes(), "2026-03-02T08:00:00Z");
  EXPECT_EQ(ada.due(), "2026-03-09T08:00:00Z");
  ada.set("plan", Value("free"));
  EXPECT_EQ(ada.passes(), "") << "not for them this time";
  ada.set("plan", Value("pro"));
  EXPECT_EQ(ada.passes(), "2026-03-16T08:00:00Z");
}

TEST(ScheduleWatch, WhoComesAtTheMomentOrLaterTakesTheNext) {
  GraphBuilder b;
  Watched ada(b, members_at_nine(b, {}));
  ada.at("2026-03-02T08:00Z");
  ada.set("plan", Value("pro"));
  EXPECT_EQ(ada.due(), "2026-03-03T08:00:00Z");
}

TEST(ScheduleWatch, WhoWasThereSinceTheRuleIsTakesWhatHasComeSince) {
  GraphBuilder b;
  Watched ada(b, members_at_nine(b, kMondays));
  ada.profile().fields["plan"] = Value("pro");
  ada.at("2026-03-18T12:00Z");
  ada.begin_since("2026-03-02T07:59Z");
  EXPECT_EQ(ada.take(), "2026-03-02T08:00:00Z") << "once, as the first of the three";
  EXPECT_EQ(ada.take(), "");
  EXPECT_EQ(ada.due(), "2026-03-23T08:00:00Z");
}

TEST(ScheduleWatch, MomentsSleptThroughComeOnce) {
  GraphBuilder b;
  Watched ada(b, members_at_nine(b, {}));
  ada.set("plan", Value("pro"));
  ada.at("2026-03-05T12:00Z");
  EXPECT_EQ(ada.take(), "2026-03-02T08:00:00Z");
  EXPECT_EQ(ada.due(), "2026-03-06T08:00:00Z");
}

TEST(ScheduleWatch, GoesByTheClockAlsoWhenItChanges) {
  GraphBuilder b;
  ScheduleEntry rule = members_at_nine(b, {});
  rule.at = graph::TimeOfDay{2 * 60 + 30};
  Watched ada(b, rule);
  ada.set("plan", Value("pro"));
  ada.at("2026-03-28T02:00Z");
  ada.take();
  EXPECT_EQ(ada.passes(), "2026-03-29T01:00:00Z") << "the first instant behind the gap";
  EXPECT_EQ(ada.due(), "2026-03-30T00:30:00Z");
  ada.at("2026-10-24T12:00Z");
  ada.take();
  EXPECT_EQ(ada.passes(), "2026-10-25T00:30:00Z") << "the first of the two";
  EXPECT_EQ(ada.due(), "2026-10-26T01:30:00Z");
}

TEST(ScheduleWatch, ADayComesOnceWhereverAPersonGoes) {
  GraphBuilder b;
  b.zone(b.user("timeZone"));
  Watched ada(b, members_at_nine(b, {}));
  ada.profile().fields["timeZone"] = Value("Asia/Tokyo");
  ada.set("plan", Value("pro"));
  EXPECT_EQ(ada.passes(), "2026-03-02T00:00:00Z");
  EXPECT_EQ(ada.set("timeZone", Value("America/New_York")), "");
  EXPECT_EQ(ada.due(), "2026-03-03T14:00:00Z") << "Monday at nine has been, in Tokyo";
  ada.at("2026-03-03T11:00Z");
  EXPECT_EQ(ada.set("timeZone", Value("Asia/Tokyo")), "2026-03-03T00:00:00Z")
      << "the move puts it into the past";
  EXPECT_EQ(ada.due(), "2026-03-04T00:00:00Z");
}

TEST(ScheduleWatch, AMonthWithoutTheDayIsLeftOut) {
  GraphBuilder b;
  Watched ada(
      b,
      members_at_nine(
          b, {.kind = DayRule::Kind::kOfMonth, .weekdays = 0, .except = {}, .day_of_month = 31}));
  ada.set("plan", Value("pro"));
  EXPECT_EQ(ada.passes(), "2026-03-31T07:00:00Z");
  EXPECT_EQ(ada.due(), "2026-05-31T07:00:00Z");
}

TEST(ScheduleWatch, IsLookedAtAgainWhenTheProgramChanges) {
  GraphBuilder b;
  Watched ada(b, members_at_nine(b, kMondays));
  ada.set("plan", Value("pro"));
  ada.passes();
  ada.edit_the_rest_of_the_program();
  ada.begin_since("2026-01-01T00:00Z");
  EXPECT_EQ(ada.take(), "") << "this Monday has come";
  EXPECT_EQ(ada.due(), "2026-03-09T08:00:00Z");
}

TEST(OneTimeWatch, ComesOnceForThoseItIsFor) {
  GraphBuilder b;
  const graph::ExprId pro = b.equal(b.user("plan"), b.text("pro"));
  Watched ada(b, OneTimeEntry{instant("2026-03-02T10:00Z"), pro});
  ada.set("plan", Value("pro"));
  EXPECT_EQ(ada.due(), "2026-03-02T10:00:00Z");
  EXPECT_EQ(ada.passes(), "2026-03-02T10:00:00Z");
  EXPECT_EQ(ada.due(), "");
  ada.edit_the_rest_of_the_program();
  ada.begin_since("2026-01-01T00:00Z");
  EXPECT_EQ(ada.take(), "");
  EXPECT_EQ(ada.due(), "");
}

TEST(OneTimeWatch, WhoComesLaterIsNotMeantWhateverIsEdited) {
  GraphBuilder b;
  const graph::ExprId pro = b.equal(b.user("plan"), b.text("pro"));
  Watched ada(b, OneTimeEntry{instant("2026-03-01T09:00Z"), pro});
  EXPECT_EQ(ada.set("plan", Value("pro")), "");
  EXPECT_EQ(ada.due(), "");
  ada.edit_the_rest_of_the_program();
  ada.begin_since("2026-01-01T00:00Z");
  EXPECT_EQ(ada.take(), "");
}

TEST(Watches, WhatComesAgainAndAgainCanBeLeftOut) {
  GraphBuilder b;
  b.graph().watched.push_back({0, members_at_nine(b, {})});
  OneUser user(b.build(graph::kCompleted));
  const std::vector<const graph::Graph*> graphs{&user.graph()};
  const WatchPlan recurring(graphs);
  Watches watches;
  watches.begin(recurring, user.facts(), user.now);
  EXPECT_TRUE(watches.next_due());
  EXPECT_FALSE(watches.next_due_but_recurring(recurring));

  GraphBuilder c;
  const graph::ExprId pro = c.equal(c.user("plan"), c.text("pro"));
  c.graph().watched.push_back({0, OneTimeEntry{instant("2026-03-02T10:00Z"), pro}});
  const graph::Graph once = c.build(graph::kCompleted);
  const std::vector<const graph::Graph*> others{&once};
  const WatchPlan single(others);
  Watches of_once;
  of_once.begin(single, user.facts(), user.now);
  EXPECT_EQ(of_once.next_due_but_recurring(single), instant("2026-03-02T10:00Z"));
}

TEST(WatchPlan, TheZoneAndTheWorkdaysOfAScheduleArePartOfTheWhole) {
  const auto plan = [](std::uint8_t weekdays, const char* zone) {
    GraphBuilder b;
    b.graph().zone_chain = {b.text(zone)};
    DayRule workdays = kMondays;
    workdays.weekdays = weekdays;
    b.graph().watched.push_back({0, members_at_nine(b, workdays)});
    const graph::Graph graph = b.build(graph::kCompleted);
    const std::vector<const graph::Graph*> graphs{&graph};
    const WatchPlan made(graphs);
    EXPECT_EQ(made.find(made.rules()[0].key), 0U);
    EXPECT_EQ(made.find(made.rules()[0].key + 1), std::nullopt);
    return std::pair{made.rules()[0].key, made.fingerprint()};
  };
  const auto [key, fingerprint] = plan(31, "UTC");
  EXPECT_EQ(plan(15, "UTC").first, key) << "a workday is a workday";
  EXPECT_NE(plan(15, "UTC").second, fingerprint);
  EXPECT_NE(plan(31, "Asia/Tokyo").second, fingerprint);
}

}  // namespace
}  // namespace sojourn::engine
