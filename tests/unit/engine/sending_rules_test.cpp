#include "engine/sending_rules.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/one_user.h"

namespace sojourn::engine {
namespace {

using base::hours;
using test::instant;
using test::TestZones;

graph::MessageKind email() {
  return {};
}

graph::TimeOfDay clock(std::int32_t hour, std::int32_t minute = 0) {
  return {hour * 60 + minute};
}

// A marketing email to somebody in Berlin, wanted on Monday, 2026-03-02, at 10:00 there,
// which nothing stops for ten days.
class Asked {
 public:
  Asked() { kind_.message_type = "news"; }

  graph::MessageKind kind_;
  std::vector<graph::SendCap> caps;
  std::vector<graph::QuietHours> quiet;
  std::vector<SentMessage> sent;
  std::string zone = "Europe/Berlin";
  base::Instant first = instant("2026-03-02T09:00Z");
  base::Instant last_chance = instant("2026-03-12T09:00Z");

  void cap(graph::SendScope scope, std::vector<graph::CapRate> rates, base::Millis up_to) {
    caps.push_back({std::move(scope), std::move(rates), up_to});
  }
  graph::QuietHours& nights(base::Millis up_to) {
    return quiet.emplace_back(graph::QuietHours{{}, clock(21), clock(8), 0, {}, up_to});
  }
  void was_sent_at(const char* at, graph::MessageKind kind = email(), std::uint64_t key = 0) {
    sent.push_back({{1, key == 0 ? sent.size() + 10 : key}, instant(at), "other", kind});
  }
  // "now", "until TIME by RULE" or "never: REASON".
  std::string at(const char* now) {
    SendCase asked{.key = {1, 1},
                   .kind = kind_,
                   .caps = caps,
                   .quiet = {},
                   .sent = sent,
                   .zone = *zones_.find(zone),
                   .first_attempt = first,
                   .last_chance = last_chance};
    for (const graph::QuietHours& rule : quiet) asked.quiet.push_back(&rule);
    const Leave leave = when_to_leave(asked, instant(now));
    if (const auto* later = std::get_if<LeaveLater>(&leave)) {
      return "until " + base::to_iso8601(later->until) + " by " + std::string(later->by);
    }
    if (const auto* never = std::get_if<LeaveNever>(&leave)) {
      return "never: " + std::string(never->reason);
    }
    return "now";
  }

 private:
  TestZones zones_;
};

TEST(SendingRules, WithoutRulesAMessageLeavesUntilItIsLate) {
  Asked asked;
  EXPECT_EQ(asked.at("2026-03-12T09:00Z"), "now");
  EXPECT_EQ(asked.at("2026-03-12T09:00:00.001Z"), "never: late");
}

TEST(SendingRules, ACapFreesItsPlaceAtExactlyItsTime) {
  Asked asked;
  asked.cap({}, {{1, hours(24)}}, hours(48));
  asked.was_sent_at("2026-03-02T03:00Z");
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "until 2026-03-03T03:00:00Z by capped");
  EXPECT_EQ(asked.at("2026-03-03T02:59:59.999Z"), "until 2026-03-03T03:00:00Z by capped");
  EXPECT_EQ(asked.at("2026-03-03T03:00Z"), "now");
}

TEST(SendingRules, TheMessageThatFreesAPlaceIsTheOldestThatStillCounts) {
  Asked asked;
  asked.cap({}, {{2, hours(24)}}, hours(72));
  asked.was_sent_at("2026-03-01T20:00Z");
  asked.was_sent_at("2026-03-02T08:00Z");
  asked.was_sent_at("2026-02-27T08:00Z");
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "until 2026-03-02T20:00:00Z by capped");
  asked.was_sent_at("2026-03-02T08:30Z");
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "until 2026-03-03T08:00:00Z by capped")
      << "more than a cap allows, since before there was one";
}

TEST(SendingRules, EveryRateOfACapHolds) {
  Asked asked;
  asked.cap({}, {{1, hours(24)}, {3, hours(168)}}, hours(168));
  asked.was_sent_at("2026-02-25T12:00Z");
  asked.was_sent_at("2026-02-27T12:00Z");
  asked.was_sent_at("2026-03-01T12:00Z");
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "until 2026-03-04T12:00:00Z by capped");
}

TEST(SendingRules, AMessageDoesNotStandInItsOwnWay) {
  Asked asked;
  asked.cap({}, {{1, hours(24)}}, hours(48));
  asked.was_sent_at("2026-03-02T08:00Z", email(), 1);
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "now") << "another attempt of the same one";
}

TEST(SendingRules, AScopeIsWhatItSays) {
  Asked asked;
  asked.cap({}, {{1, hours(24)}}, hours(48));
  asked.was_sent_at("2026-03-02T08:00Z", {graph::Medium::kEmail, false, "receipts"});
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "now") << "a transactional one takes no place";
  asked.was_sent_at("2026-03-02T08:00Z", {graph::Medium::kPush, true, "alerts"});
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "until 2026-03-03T08:00:00Z by capped");
  asked.kind_.marketing = false;
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "now") << "nor does it wait for one";
  asked.cap({graph::SendScope::Kind::kMedium, graph::Medium::kEmail, {}}, {{1, hours(24)}},
            hours(48));
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "until 2026-03-03T08:00:00Z by capped")
      << "unless its medium is meant";
  asked.kind_.medium = graph::Medium::kSms;
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "now") << "and not another one";
  asked.kind_.medium = graph::Medium::kEmail;
  asked.caps.pop_back();
  asked.cap({graph::SendScope::Kind::kMessageType, {}, "news"}, {{1, hours(24)}}, hours(48));
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "now") << "none of this type was sent";
}

TEST(SendingRules, QuietHoursGoByThePersonsClock) {
  Asked asked;
  asked.nights(hours(12));
  asked.first = instant("2026-03-02T20:00Z");
  EXPECT_EQ(asked.at("2026-03-02T19:59Z"), "now");
  EXPECT_EQ(asked.at("2026-03-02T20:00Z"), "until 2026-03-03T07:00:00Z by quiet");
  EXPECT_EQ(asked.at("2026-03-03T06:59Z"), "until 2026-03-03T07:00:00Z by quiet");
  EXPECT_EQ(asked.at("2026-03-03T07:00Z"), "now");
  asked.zone = "America/New_York";
  EXPECT_EQ(asked.at("2026-03-02T20:00Z"), "now");
}

TEST(SendingRules, ANightIsAsLongAsTheClockMakesIt) {
  Asked asked;
  asked.nights(hours(13));
  asked.last_chance = instant("2026-12-01T00:00Z");
  asked.first = instant("2026-03-28T20:00Z");
  EXPECT_EQ(asked.at("2026-03-28T20:00Z"), "until 2026-03-29T06:00:00Z by quiet");
  asked.first = instant("2026-10-24T19:00Z");
  EXPECT_EQ(asked.at("2026-10-24T19:00Z"), "until 2026-10-25T07:00:00Z by quiet");
}

TEST(SendingRules, AQuietTimeThatTheClockShowsTwiceIsQuietTwice) {
  Asked asked;
  asked.quiet.push_back({{}, clock(1), clock(2, 30), 0, {}, hours(12)});
  asked.last_chance = instant("2026-12-01T00:00Z");
  // 02:15, the first time; 02:45 is quiet neither time.
  asked.first = instant("2026-10-25T00:15Z");
  EXPECT_EQ(asked.at("2026-10-25T00:15Z"), "until 2026-10-25T00:30:00Z by quiet");
  EXPECT_EQ(asked.at("2026-10-25T00:45Z"), "now");
  EXPECT_EQ(asked.at("2026-10-25T01:15Z"), "until 2026-10-25T01:30:00Z by quiet");
}

// Berlin's clock goes from 03:00 back to 02:00, within the quarter of an hour.
TEST(SendingRules, AQuietTimeIsNotLongerForAClockThatGoesBackInIt) {
  Asked asked;
  asked.quiet.push_back({{}, clock(2, 50), clock(3, 5), 0, {}, hours(12)});
  asked.first = instant("2026-10-25T00:00Z");
  asked.last_chance = instant("2026-10-28T00:00Z");
  EXPECT_EQ(asked.at("2026-10-25T00:55Z"), "until 2026-10-25T01:05:00Z by quiet");
  EXPECT_EQ(asked.at("2026-10-25T01:05Z"), "now") << "it is 02:05 there, again";
  EXPECT_EQ(asked.at("2026-10-25T01:55Z"), "until 2026-10-25T02:05:00Z by quiet");
}

TEST(SendingRules, WholeDaysAreQuietFromMidnightToMidnight) {
  Asked asked;
  graph::QuietHours& rule = asked.nights(hours(72));
  rule.weekdays = 0b100'0000;          // Sundays
  rule.dates = {graph::Date{20'516}};  // 2026-03-04, a Wednesday
  EXPECT_EQ(asked.at("2026-03-03T19:00Z"), "now");
  EXPECT_EQ(asked.at("2026-03-03T20:00Z"), "until 2026-03-05T07:00:00Z by quiet");
  EXPECT_EQ(asked.at("2026-03-04T11:00Z"), "until 2026-03-05T07:00:00Z by quiet");
  asked.first = instant("2026-03-07T12:00Z");
  EXPECT_EQ(asked.at("2026-03-08T09:00Z"), "until 2026-03-09T07:00:00Z by quiet");
}

TEST(SendingRules, LimitsCountFromTheFirstAttemptAndIncludeTheirEnd) {
  Asked asked;
  asked.nights(hours(11));
  asked.first = instant("2026-03-02T20:00Z");
  EXPECT_EQ(asked.at("2026-03-02T20:00Z"), "until 2026-03-03T07:00:00Z by quiet");
  asked.first = instant("2026-03-02T19:59Z");
  EXPECT_EQ(asked.at("2026-03-02T20:00Z"), "never: quiet");
}

TEST(SendingRules, TheLimitThatComesFirstGivesTheReason) {
  Asked asked;
  asked.cap({}, {{1, hours(240)}}, hours(48));
  asked.was_sent_at("2026-03-02T08:00Z");
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "never: capped");
  asked.last_chance = instant("2026-03-03T09:00Z");
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "never: late");
  asked.last_chance = instant("2026-03-04T09:00Z");
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "never: capped") << "of two at once, the rule's";
}

TEST(SendingRules, WhatACapPutsOffToTheNightWaitsForTheMorning) {
  Asked asked;
  asked.cap({}, {{1, hours(24)}}, hours(48));
  asked.nights(hours(24));
  asked.was_sent_at("2026-03-01T21:30Z");
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "until 2026-03-03T07:00:00Z by quiet");
  asked.quiet[0].defer_up_to = hours(21);
  EXPECT_EQ(asked.at("2026-03-02T09:00Z"), "never: quiet");
}

TEST(SendingRules, EveryQuietRuleHolds) {
  Asked asked;
  asked.nights(hours(24));
  asked.quiet.push_back({{}, clock(7), clock(9, 30), 0, {}, hours(24)});
  EXPECT_EQ(asked.at("2026-03-02T20:00Z"), "until 2026-03-03T08:30:00Z by quiet");
}

TEST(SendingRules, ACampaignWasSentByAnotherMessageOnly) {
  const std::vector<SentMessage> sent{{{1, 1}, instant("2026-03-02T08:00Z"), "offer", email()}};
  EXPECT_TRUE(was_sent(sent, "offer", {1, 2}));
  EXPECT_FALSE(was_sent(sent, "offer", {1, 1}));
  EXPECT_FALSE(was_sent(sent, "tour", {1, 2}));
}

}  // namespace
}  // namespace sojourn::engine
