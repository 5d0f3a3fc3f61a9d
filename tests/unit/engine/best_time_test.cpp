#include "engine/best_time.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>

#include "engine/advance.h"
#include "graph/engagement.h"
#include "tests/unit/engine/graph_builder.h"
#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using base::days24;
using base::hours;
using base::Instant;
using base::minutes;
using graph::Engagement;
using test::GraphBuilder;
using test::instant;
using test::OneUser;

const Instant kNow = instant("2026-03-01T15:20Z");  // 16:20 in Berlin

class BestTimeTest : public testing::Test {
 protected:
  void did(Engagement what, Instant at, int times = 1) {
    for (int i = 0; i < times; ++i) {
      history_.push_back({history_.size() + 1, graph::event_of(what).name, at, at, {}});
    }
  }
  const calendar::Zone& zone() { return *zones_.find("Europe/Berlin"); }
  HourScores scores() { return score_hours(history_, zone(), kNow); }
  std::size_t best_hour() {
    const HourScores all = scores();
    return static_cast<std::size_t>(std::ranges::max_element(all) - all.begin());
  }
  // In UTC.
  std::string best(base::Millis up_to = days24(1), Instant last_chance = base::kNever) {
    return base::to_iso8601(best_time({.key = {},
                                       .kind = kind_,
                                       .caps = {},
                                       .quiet = quiet_,
                                       .sent = {},
                                       .zone = zone(),
                                       .first_attempt = kNow,
                                       .last_chance = last_chance},
                                      scores(), up_to));
  }

  test::TestZones zones_;
  std::vector<EventFact> history_;
  graph::MessageKind kind_;
  std::vector<const graph::QuietHours*> quiet_;
};

TEST_F(BestTimeTest, ScoresSumToOneWhateverIsKnown) {
  for (int i = 0; i < 50; ++i) {
    const HourScores all = scores();
    EXPECT_NEAR(std::accumulate(all.begin(), all.end(), 0.0), 1, 1e-12);
    did(i % 3 == 0 ? Engagement::kClicked : Engagement::kOpened, kNow - hours(7 * i));
  }
}

TEST_F(BestTimeTest, OfSomebodyUnknownItIsTheMorning) {
  EXPECT_EQ(best_hour(), 10U);
  EXPECT_EQ(best(), "2026-03-02T09:00:00Z");
}

TEST_F(BestTimeTest, WhatTheyDidOutweighsThatWithTime) {
  const Instant at_two = instant("2026-02-20T01:40Z");
  did(Engagement::kOpened, at_two, 3);
  EXPECT_EQ(best_hour(), 10U);
  did(Engagement::kOpened, at_two, 9);
  EXPECT_EQ(best_hour(), 2U);
  EXPECT_EQ(best(), "2026-03-02T01:00:00Z");
}

TEST_F(BestTimeTest, AClickCountsForTwo) {
  did(Engagement::kClicked, instant("2026-02-20T20:30Z"), 4);
  did(Engagement::kOpened, instant("2026-02-20T12:30Z"), 7);
  did(Engagement::kReceived, instant("2026-02-20T03:30Z"), 90);
  EXPECT_EQ(best_hour(), 21U);
}

TEST_F(BestTimeTest, OnlyTheLastNinetyDaysCount) {
  did(Engagement::kOpened, kNow - days24(90) - minutes(1), 40);
  did(Engagement::kOpened, kNow + minutes(1), 40);
  EXPECT_EQ(best_hour(), 10U);
}

TEST_F(BestTimeTest, TheHourAtHandIsAtOnce) {
  did(Engagement::kOpened, instant("2026-02-20T15:59Z"), 40);
  EXPECT_EQ(best(), "2026-03-01T15:20:00Z");
}

TEST_F(BestTimeTest, OnlyWhatCanBeReachedIsChosen) {
  // Of 17:00 to 20:59 in Berlin, 19:00 is as good as 20:00, and earlier.
  EXPECT_EQ(best(hours(5)), "2026-03-01T18:00:00Z");
  EXPECT_EQ(best(base::Millis{0}), "2026-03-01T15:20:00Z");
  EXPECT_EQ(best(days24(1), instant("2026-03-01T17:59Z")), "2026-03-01T15:20:00Z")
      << "all of these hours are alike";
}

TEST_F(BestTimeTest, QuietHoursAreLeftOut) {
  did(Engagement::kOpened, instant("2026-02-20T21:30Z"), 40);
  EXPECT_EQ(best(), "2026-03-01T21:00:00Z");
  const graph::QuietHours night{.scope = {},
                                .from = {21 * 60},
                                .to = {8 * 60},
                                .weekdays = 0,
                                .dates = {},
                                .defer_up_to = {}};
  quiet_ = {&night};
  EXPECT_EQ(best(), "2026-03-02T09:00:00Z") << "the next hour in score that is not quiet";
  const graph::QuietHours always{
      .scope = {}, .from = {1}, .to = {0}, .weekdays = 0b1111110, .dates = {}, .defer_up_to = {}};
  quiet_ = {&night, &always};
  EXPECT_EQ(best(hours(2)), "2026-03-01T15:20:00Z") << "the rules have the last word";
}

TEST_F(BestTimeTest, OnTheDayOfAClockChangeEachHourIsThereOnce) {
  const calendar::Zone& berlin = zone();
  HourScores at_two{};
  at_two[2] = 1;
  const SendCase spring{.key = {},
                        .kind = kind_,
                        .caps = {},
                        .quiet = {},
                        .sent = {},
                        .zone = berlin,
                        .first_attempt = instant("2026-03-28T12:00Z"),
                        .last_chance = base::kNever};
  // 02:00 does not exist; the first instant after the gap is 03:00, which has no score.
  EXPECT_EQ(best_time(spring, at_two, days24(1)), instant("2026-03-28T12:00Z"));
  const SendCase autumn{.key = {},
                        .kind = kind_,
                        .caps = {},
                        .quiet = {},
                        .sent = {},
                        .zone = berlin,
                        .first_attempt = instant("2026-10-24T12:00Z"),
                        .last_chance = base::kNever};
  EXPECT_EQ(best_time(autumn, at_two, days24(1)), instant("2026-10-25T00:00Z"));
}

// --- In a journey -------------------------------------------------------------------

// Of somebody unknown, who gets there at 06:30 in Berlin.
OneUser sending(base::Millis within) {
  GraphBuilder b;
  graph::Send send{.campaign = "welcome"};
  send.deadline = within;
  send.best_time = std::min(within, days24(1));
  OneUser user(b.build(b.step("welcome", std::move(send))));
  user.at("2026-03-01T05:30Z");
  user.enters();
  return user;
}

std::string said(const SendDecision& decision) {
  if (const auto* deferred = std::get_if<SendDeferred>(&decision)) {
    return base::to_iso8601(deferred->until) + " by " + deferred->reason;
  }
  const auto* skipped = std::get_if<SendSkipped>(&decision);
  return skipped == nullptr ? "sent" : skipped->reason;
}

TEST(BestTimeOfASend, ItWaitsOnceAndLeaves) {
  OneUser user = sending(days24(2));
  EXPECT_EQ(said(user.decides()), "2026-03-01T09:00:00Z by best_time");
  user.at("2026-03-01T09:00Z");
  EXPECT_EQ(said(user.decides()), "sent");
  user.at("2026-03-01T23:00Z");
  EXPECT_EQ(said(user.decides()), "sent") << "it may leave later than it meant to";
  user.at("2026-03-03T05:30:01Z");
  EXPECT_EQ(said(user.decides()), "late");
}

TEST(BestTimeOfASend, NothingIsSkippedAsLateForIt) {
  OneUser user = sending(minutes(30));
  EXPECT_EQ(said(user.decides()), "2026-03-01T06:00:00Z by best_time");
  user.at("2026-03-01T06:00Z");
  EXPECT_EQ(said(user.decides()), "sent");
  OneUser hurried = sending(minutes(29));
  EXPECT_EQ(said(hurried.decides()), "sent");
}

TEST(BestTimeOfASend, TheRulesAreAskedWhenItIsThere) {
  OneUser user = sending(days24(2));
  const graph::SendingRules rules{
      .quiet = {},
      .caps = {{.scope = {}, .rates = {{1, days24(1)}}, .defer_up_to = days24(2)}},
      .holdouts = {}};
  SendPolicy policy;
  policy.rules = &rules;
  const std::vector<SentMessage> sent{{{1, 2}, instant("2026-02-28T12:00Z"), "tour", {}}};
  policy.sent = sent;
  EXPECT_EQ(said(user.decides(policy)), "2026-03-01T09:00:00Z by best_time");
  user.at("2026-03-01T09:00Z");
  EXPECT_EQ(said(user.decides(policy)), "2026-03-01T12:00:00Z by capped");
}

TEST(BestTimeOfASend, WhoCannotBeReachedDoesNotWait) {
  OneUser user = sending(days24(1));
  EXPECT_EQ(said(user.decides({.needs_email = true})), "no_address");
}

}  // namespace
}  // namespace sojourn::engine
