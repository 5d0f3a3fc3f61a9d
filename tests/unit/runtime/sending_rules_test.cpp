// Caps, quiet hours, `once` and priority, through the real store: what is put off leaves
// at its time, across restarts, and what a user has been sent is known to all journeys.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

// The world stands at 09:00 UTC.
std::string world(const std::string& policy, const std::string& journeys) {
  return R"(
    event signup
    event login
    event purchase
    message_type news    = 1 marketing opt_out
    message_type account = 2 transactional opt_out
    campaign m1      = 101 email news
    campaign m2      = 102 email news
    campaign m3      = 103 email news
    campaign m4      = 108 email news
    campaign offer   = 104 email news { once }
    campaign receipt = 105 email account
    policy { timezone user.timeZone default "UTC" )" +
         policy + "}\n" + journeys;
}

std::string event(const std::string& name, const std::string& user = "ada@example.com") {
  return R"({"email":")" + user + R"(","eventName":")" + name + R"("})";
}

int campaign_of(const Outgoing& outgoing) {
  return nlohmann::json::parse(outgoing.request.body)["campaignId"];
}

constexpr const char* kTwoJourneys = R"(
  journey a { enter on signup send m1 }
  journey b { enter on login send m2 }
)";

TEST(SendingRulesRuntime, ACapHoldsOverAllJourneysAndFreesItsPlaceInTime) {
  ShardWorld shard(world("cap marketing 1 per 24h defer up to 2d else drop", kTwoJourneys));
  shard.track(event("signup"));
  shard.accept(shard.take());
  shard.pass(hours(1));
  shard.track(event("login"));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("deferred/b/m2/capped"), 1);
  EXPECT_THAT(shard.log("ada@example.com"),
              Contains("deferred b m2 until 2026-03-02T09:00:00Z by capped"));
  shard.restart();
  shard.pass(base::Millis{hours(23).count - 1});
  EXPECT_TRUE(shard.nothing_to_take());
  shard.pass(base::Millis{1});
  const Outgoing sent = shard.take();
  EXPECT_EQ(campaign_of(sent), 102);
  shard.accept(sent);
  EXPECT_EQ(shard.counter("exited/b/completed"), 1);
}

TEST(SendingRulesRuntime, WhatIsMissingIsSentAsNullSoThatTheProfileDoesNotShowThrough) {
  ShardWorld shard(world("", R"(
    user { note string }
    event noted { note string? }
    campaign noted_mail = 109 email news { data { note string? } }
    journey n { enter on noted send noted_mail with { note: entry.note } }
  )"));
  shard.update(R"({"email":"ada@example.com","dataFields":{"note":"of the profile"}})");
  shard.track(event("noted"));
  const auto body = nlohmann::json::parse(shard.take().request.body);
  ASSERT_TRUE(body["dataFields"].contains("note")) << body;
  EXPECT_TRUE(body["dataFields"]["note"].is_null()) << body;
}

TEST(SendingRulesRuntime, APersonsCapIsNotAnothers) {
  ShardWorld shard(world("cap marketing 1 per 24h defer up to 2d else drop", kTwoJourneys));
  shard.track(event("signup"));
  shard.track(event("login", "bob@example.com"));
  EXPECT_EQ(campaign_of(shard.take()), 101);
  EXPECT_EQ(campaign_of(shard.take()), 102);
}

TEST(SendingRulesRuntime, WhatWaitedTooLongIsSkippedAndThePersonGoesOn) {
  ShardWorld shard(world("cap marketing 1 per 24h defer up to 10h else drop", kTwoJourneys));
  shard.track(event("signup"));
  shard.accept(shard.take());
  shard.track(event("login"));
  EXPECT_EQ(shard.counter("skipped/b/m2/capped"), 1);
  EXPECT_EQ(shard.counter("exited/b/completed"), 1);
}

TEST(SendingRulesRuntime, ARefusedMessageGivesItsPlaceBack) {
  ShardWorld shard(world("cap marketing 1 per 24h defer up to 10h else drop", kTwoJourneys));
  shard.track(event("signup"));
  shard.end(shard.take(), connectors::OutcomeKind::kRejected);
  shard.track(event("login"));
  EXPECT_EQ(campaign_of(shard.take()), 102);
}

TEST(SendingRulesRuntime, AnotherAttemptIsNoOtherMessage) {
  ShardWorld shard(world("cap marketing 1 per 24h defer up to 10h else drop",
                         "journey a { enter on signup send offer }"));
  shard.track(event("signup"));
  shard.end(shard.take(), connectors::OutcomeKind::kRetry);
  shard.pass(hours(1));
  const Outgoing again = shard.take();
  EXPECT_EQ(again.attempt, 2U);
  shard.end(again, connectors::OutcomeKind::kUnknown);
  shard.restart();
  shard.pass(hours(1));
  EXPECT_EQ(shard.take().attempt, 3U);
}

TEST(SendingRulesRuntime, TransactionalMessagesLeaveAtOnce) {
  ShardWorld shard(
      world("cap marketing 1 per 24h defer up to 10h else drop\n"
            "quiet marketing 08:00..20:00 defer up to 12h else drop",
            "journey a { enter on signup send receipt }"));
  shard.track(event("signup"));
  EXPECT_EQ(campaign_of(shard.take()), 105);
}

TEST(SendingRulesRuntime, QuietHoursGoByThePersonsZone) {
  ShardWorld shard(world("quiet marketing 18:00..08:00 defer up to 14h else drop", kTwoJourneys));
  shard.update(R"({"email":"ada@example.com","dataFields":{"timeZone":"Asia/Tokyo"}})");
  shard.track(event("signup"));
  EXPECT_TRUE(shard.nothing_to_take());
  shard.restart();
  // 08:00 in Tokyo.
  shard.pass(base::Millis{hours(14).count - 1});
  EXPECT_TRUE(shard.nothing_to_take());
  shard.pass(base::Millis{1});
  EXPECT_EQ(campaign_of(shard.take()), 101);
  shard.track(event("login", "bob@example.com"));
  EXPECT_TRUE(shard.nothing_to_take()) << "23:00 in UTC";
}

TEST(SendingRulesRuntime, WhereQuietHoursEndForManyTheyGoOnOneAfterTheOther) {
  ShardSettings settings;
  settings.put_off_per_second = 2;
  ShardWorld shard(world("quiet marketing 08:00..18:00 defer up to 1d else drop", R"(
    journey a { enter on signup exit on purchase send m1 }
  )"),
                   settings);
  constexpr int kPeople = 10;
  const auto person = [](int i) { return "p" + std::to_string(i) + "@example.com"; };
  for (int i = 0; i < kPeople; ++i) shard.track(event("signup", person(i)));
  shard.restart();
  const auto sent = [&] {
    std::set<std::string> people;
    while (!shard.nothing_to_take()) {
      const Outgoing message = shard.take();
      people.insert(nlohmann::json::parse(message.request.body)["recipientEmail"]);
      shard.accept(message);
    }
    return people;
  };
  shard.pass(hours(9));
  std::set<std::string> people = sent();
  EXPECT_EQ(people.size(), 2U) << "at 18:00";
  // Everything is asked again when it is somebody's turn.
  std::string leaver;
  for (int i = 0; i < kPeople; ++i) {
    if (!people.contains(person(i))) leaver = person(i);
  }
  shard.track(event("purchase", leaver));
  for (int second = 1; second <= 6; ++second) {
    shard.pass(base::seconds(1));
    const auto more = sent();
    EXPECT_LE(more.size(), 3U);
    people.insert(more.begin(), more.end());
  }
  EXPECT_EQ(people.size(), kPeople - 1U);
  EXPECT_FALSE(people.contains(leaver));
}

TEST(SendingRulesRuntime, NobodysMessageIsLateBecauseOthersGoFirst) {
  ShardSettings settings;
  settings.put_off_per_second = 1;
  ShardWorld shard(world("quiet marketing 08:00..18:00 defer up to 1d else drop",
                         "journey b { enter on login send m2 within 9h }"),
                   settings);
  for (const char* person : {"a@example.com", "b@example.com", "c@example.com"}) {
    shard.track(event("login", person));
  }
  shard.pass(hours(9));
  for (int i = 0; i < 3; ++i) shard.accept(shard.take());
  EXPECT_EQ(shard.counter("accepted/b/m2"), 3);
}

TEST(SendingRulesRuntime, WhoLeavesIsNotSentWhatWaited) {
  ShardWorld shard(world("quiet marketing 09:00..12:00 defer up to 4h else drop",
                         "journey a { enter on signup exit on purchase send m1 }"));
  shard.track(event("signup"));
  shard.track(event("purchase"));
  EXPECT_EQ(shard.counter("exited/a/purchase"), 1);
  shard.pass(hours(3));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("skipped/a/m1/exited"), 1);
}

TEST(SendingRulesRuntime, ConsentIsAskedAgainWhenTheTimeHasCome) {
  ShardWorld shard(world("quiet marketing 09:00..12:00 defer up to 4h else drop", kTwoJourneys));
  shard.track(event("signup"));
  shard.update(R"({"email":"ada@example.com","dataFields":{"unsubscribedMessageTypeIds":[1]}})");
  shard.pass(hours(3));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("skipped/a/m1/no_consent"), 1);
}

TEST(SendingRulesRuntime, WhatIsPutOffWaitsInOneQueueByPriorityThenByTime) {
  ShardWorld shard(world("cap marketing 1 per 24h defer up to 6d else drop\n deadline 7d", R"(
    journey a { enter on signup send m1 }
    journey low_one { enter on login priority low send m2 }
    journey normal_one { enter on login send m3 }
    journey normal_two { enter on purchase send m4 }
    journey high_one { enter on purchase priority high send offer }
  )"));
  shard.track(event("signup"));
  shard.accept(shard.take());
  shard.pass(hours(1));
  shard.track(event("login"));
  shard.pass(hours(1));
  shard.track(event("purchase"));
  for (const int expected : {104, 103, 108, 102}) {
    shard.restart();
    shard.pass(days24(1));
    const Outgoing sent = shard.take();
    EXPECT_EQ(campaign_of(sent), expected);
    EXPECT_TRUE(shard.nothing_to_take());
    shard.accept(sent);
  }
}

// However few a turn looks at.
class WantedAtOnce : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(SendingRulesRuntime, WantedAtOnce, testing::Values(1'000, 1, 3));

TEST_P(WantedAtOnce, TheNameOfTheJourneyDecides) {
  ShardSettings settings;
  settings.turn.max_deliveries = GetParam();
  ShardWorld shard(world("cap marketing 1 per 24h defer up to 1d else drop", R"(
    journey a { enter on login send m1 }
    journey b { enter on purchase send m2 }
    journey c { enter on signup send m3 }
  )"),
                   settings);
  // Put off, they come back from the store in an order of its own.
  constexpr int kPeople = 12;
  const auto person = [](int i) { return "p" + std::to_string(i) + "@example.com"; };
  for (int i = 0; i < kPeople; ++i) {
    for (const char* name : {"signup", "purchase", "login"}) shard.track(event(name, person(i)));
    const Outgoing first = shard.take();
    EXPECT_EQ(campaign_of(first), 103) << "nothing was before it";
    shard.accept(first);
  }
  shard.restart();
  shard.pass(days24(1));
  for (int i = 0; i < kPeople; ++i) {
    const Outgoing second = shard.take();
    EXPECT_EQ(campaign_of(second), 101);
    shard.accept(second);
  }
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("skipped/b/m2/capped"), kPeople);
}

TEST(SendingRulesRuntime, OneEventEntersByPriorityThenByName) {
  ShardWorld shard(world("cap marketing 1 per 24h defer up to 5d else drop", R"(
    journey a { enter on signup priority low send m1 }
    journey b { enter on signup send m2 }
    journey c { enter on signup priority high send m3 }
  )"));
  shard.track(event("signup"));
  EXPECT_EQ(campaign_of(shard.take()), 103);
  const auto log = shard.log("ada@example.com");
  const auto place = [&](const char* line) { return std::find(log.begin(), log.end(), line); };
  EXPECT_LT(place("entered c signup"), place("entered b signup"));
  EXPECT_LT(place("entered b signup"), place("entered a signup"));
}

constexpr const char* kOffers = R"(
  journey a { enter on signup send offer }
  journey b { enter on login reenter always send offer }
)";

TEST(SendingRulesRuntime, OnceIsForEverAndOverAllJourneys) {
  ShardWorld shard(world("", kOffers));
  shard.track(event("signup"));
  shard.accept(shard.take());
  EXPECT_EQ(shard.counter("exited/a/completed"), 1);
  shard.restart();
  shard.pass(days24(900));
  shard.track(event("login"));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("skipped/b/offer/once"), 1);
}

TEST(SendingRulesRuntime, WhatNeverArrivedWasNotSentOnce) {
  ShardWorld shard(world("", kOffers));
  shard.track(event("signup"));
  shard.end(shard.take(), connectors::OutcomeKind::kRejected);
  shard.track(event("login"));
  EXPECT_EQ(campaign_of(shard.take()), 104);
}

std::vector<std::string> sent_to(ShardWorld& shard) {
  const auto report = nlohmann::json::parse(shard.report("ada@example.com"));
  std::vector<std::string> out;
  for (const auto& message : report["sent"]) out.push_back(message["campaign"]);
  return out;
}

TEST(SendingRulesRuntime, WhatWasSentIsKeptAsLongAsARuleCountsIt) {
  ShardWorld shard(world("cap marketing 1 per 24h, 3 per 7d defer up to 2d else drop",
                         "journey a { enter on signup send m1 send offer send receipt }\n"
                         "journey b { enter on login wait 1h }"));
  shard.track(event("signup"));
  shard.accept(shard.take());
  shard.pass(days24(1));
  shard.accept(shard.take());
  shard.accept(shard.take());
  EXPECT_THAT(sent_to(shard), testing::ElementsAre("m1", "offer"));
  shard.pass(days24(6));
  shard.track(event("login"));
  EXPECT_THAT(sent_to(shard), testing::ElementsAre("offer"));
  shard.pass(days24(100));
  shard.restart();
  EXPECT_THAT(sent_to(shard), testing::ElementsAre("offer"));
}

TEST(SendingRulesRuntime, WithoutRulesNothingIsKept) {
  ShardWorld shard(world("", kTwoJourneys));
  shard.track(event("signup"));
  shard.accept(shard.take());
  EXPECT_THAT(sent_to(shard), IsEmpty());
}

TEST(SendingRulesRuntime, WhatMayHaveArrivedKeepsItsPlace) {
  ShardWorld shard(world("cap marketing 1 per 24h defer up to 10h else drop",
                         "campaign careful = 106 email news { delivery at_most_once }\n"
                         "journey a { enter on signup send careful }\n"
                         "journey b { enter on login send m2 }"));
  shard.track(event("signup"));
  shard.end(shard.take(), connectors::OutcomeKind::kUnknown);
  EXPECT_EQ(shard.counter("skipped/a/careful/unknown"), 1);
  shard.track(event("login"));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("skipped/b/m2/capped"), 1);
}

}  // namespace
}  // namespace sojourn::runtime
