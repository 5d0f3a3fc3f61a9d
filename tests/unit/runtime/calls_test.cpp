// Calls of webhooks through the real store: planned with the step, claimed before they
// leave, answered, repeated, given up and taken back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::seconds;
using connectors::OutcomeKind;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kWorld = R"(
  event signup { plan string }
  event login
  message_type account = 1 transactional opt_out
  campaign high   = 101 email account { data { score integer } }
  campaign low    = 102 email account
  campaign other  = 103 email account
  campaign second = 104 email account
  webhook scoring = "https://scores.example.com/one" { returns { score integer } }
  webhook rating  = "https://scores.example.com/two"
  webhook weather = "https://weather.example.com/"
  policy { timezone user.timeZone default "UTC" }
  journey scored {
    enter on signup
    exit  on login as back
    call scoring with { plan: entry.plan } as reply up to 30s {
      send high with { score: reply.score }
    } else {
      send low
    }
    send second
  }
)";

std::string signup(const std::string& user = "ada@example.com") {
  return R"({"email":")" + user + R"(","eventName":"signup","dataFields":{"plan":"pro"}})";
}

std::string login() {
  return R"({"email":"ada@example.com","eventName":"login"})";
}

int campaign_of(const Outgoing& outgoing) {
  if (outgoing.request.body.empty()) return 0;
  return nlohmann::json::parse(outgoing.request.body)["campaignId"];
}

std::vector<graph::Field> score(std::int64_t value) {
  return {{"score", graph::Value(value)}};
}

TEST(Calls, TheAnswerGoesOnWithThePerson) {
  ShardWorld shard(kWorld);
  shard.track(signup());
  const Outgoing call = shard.take();
  ASSERT_TRUE(call.call.has_value());
  EXPECT_EQ(call.call->webhook, "scoring");
  EXPECT_EQ(call.call->body, R"({"plan":"pro"})");
  EXPECT_EQ(call.call->key, call.key.message.hex());
  EXPECT_TRUE(shard.nothing_to_take());
  shard.reply(call, score(7));
  const Outgoing message = shard.take();
  EXPECT_EQ(campaign_of(message), 101);
  EXPECT_EQ(nlohmann::json::parse(message.request.body)["dataFields"]["score"], 7);
  EXPECT_EQ(shard.counter("calls/scoring/planned"), 1);
  EXPECT_EQ(shard.counter("calls/scoring/answered"), 1);
  EXPECT_THAT(shard.log("ada@example.com"),
              ::testing::IsSupersetOf({"called scored scoring " + call.call->key,
                                       std::string("answered scored scoring"),
                                       std::string("branch scored call 1 answered")}));
  // The time that the call had changes nothing afterwards.
  shard.accept(message);
  shard.accept(shard.take());
  shard.pass(base::minutes(1));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("exited/scored/completed"), 1);
}

TEST(Calls, ARefusalGoesTheOtherWayAtOnce) {
  ShardWorld shard(kWorld);
  shard.track(signup());
  shard.end(shard.take(), OutcomeKind::kRejected);
  EXPECT_EQ(campaign_of(shard.take()), 102);
  EXPECT_EQ(shard.counter("calls/scoring/rejected"), 1);
  EXPECT_EQ(shard.counter("dead_letters_kept"), 0) << "the person is past it";
  EXPECT_THAT(shard.log("ada@example.com"), Contains("call_ended scored scoring rejected"));
}

TEST(Calls, ATransientFailureIsTriedAgainUnderTheSameKey) {
  ShardWorld shard(kWorld);
  shard.track(signup());
  const Outgoing first = shard.take();
  shard.end(first, OutcomeKind::kRetry);
  EXPECT_TRUE(shard.nothing_to_take());
  shard.pass(seconds(1));
  const Outgoing again = shard.take();
  EXPECT_EQ(again.key, first.key);
  EXPECT_EQ(again.attempt, 2u);
  EXPECT_EQ(again.call->key, first.call->key);
  shard.reply(again, score(1));
  EXPECT_EQ(campaign_of(shard.take()), 101);
}

TEST(Calls, WithoutTimeForAnotherAttemptThePersonNeedNotWait) {
  ShardWorld shard(kWorld);
  shard.track(signup());
  shard.pass(seconds(29));
  shard.end(shard.take(), OutcomeKind::kRetry, false, seconds(20));
  EXPECT_EQ(campaign_of(shard.take()), 102);
  EXPECT_EQ(shard.counter("calls/scoring/retry"), 1);
}

TEST(Calls, WhenTheTimeIsOverThePersonGoesOnAndALateAnswerChangesNothing) {
  ShardWorld shard(kWorld);
  shard.track(signup());
  const Outgoing call = shard.take();
  shard.pass(base::Millis{29'999});
  EXPECT_TRUE(shard.nothing_to_take());
  shard.pass(base::Millis{1});
  const Outgoing message = shard.take();
  EXPECT_EQ(campaign_of(message), 102);
  shard.reply(call, score(7));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("calls/scoring/answered_late"), 1);
  EXPECT_EQ(shard.counter("calls/scoring/answered"), 0);
  EXPECT_THAT(shard.log("ada@example.com"), Contains("answered_late scored scoring"));
}

TEST(Calls, ThePlaceThatALateAnswerTookIsFreeAgain) {
  ShardSettings settings;
  settings.max_calls_in_doubt = 1;
  ShardWorld shard(kWorld, settings);
  shard.track(signup());
  const Outgoing call = shard.take();
  shard.pass(seconds(31));
  shard.take();
  shard.end(call, OutcomeKind::kRetry);
  EXPECT_EQ(shard.counter("calls/scoring/left"), 1);
  shard.track(signup("bob@example.com"));
  EXPECT_EQ(shard.take().call->webhook, "scoring");
}

TEST(Calls, AnExitTakesACallBackThatHasNotLeft) {
  ShardWorld shard(kWorld);
  shard.track(signup());
  shard.end(shard.take(), OutcomeKind::kRetry);
  shard.track(login());
  EXPECT_EQ(shard.counter("exited/scored/back"), 1);
  shard.pass(base::minutes(1));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("calls/scoring/left"), 1);
}

TEST(Calls, AnAnswerAfterAnExitChangesNothing) {
  ShardWorld shard(kWorld);
  shard.track(signup());
  const Outgoing call = shard.take();
  shard.track(login());
  shard.reply(call, score(7));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("calls/scoring/answered_late"), 1);
}

TEST(Calls, WhatWasClaimedWhenTheProcessDiedIsAskedAgainUnderItsKey) {
  ShardWorld shard(kWorld);
  shard.track(signup());
  const Outgoing call = shard.take();
  shard.restart();
  shard.pass(seconds(1));
  const Outgoing again = shard.take();
  EXPECT_EQ(again.key, call.key);
  EXPECT_EQ(again.attempt, 2u);
  EXPECT_EQ(again.call->body, call.call->body);
  shard.reply(again, score(3));
  EXPECT_EQ(campaign_of(shard.take()), 101);
}

TEST(Calls, TheTimeOfACallRunsWhileTheProcessIsDown) {
  ShardWorld shard(kWorld);
  shard.track(signup());
  shard.take();
  shard.restart();
  shard.pass(seconds(30));
  EXPECT_EQ(campaign_of(shard.take()), 102);
  shard.pass(base::hours(1));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("calls/scoring/left"), 1);
}

TEST(Calls, EachRoundAsksUnderAKeyOfItsOwn) {
  const std::string world = std::string(kWorld) + R"(
    journey rounds {
      enter on login
      repeat up to 2 times {
        call weather up to 5s
        wait 1h
      }
    })";
  ShardWorld shard(world);
  shard.track(login());
  const Outgoing first = shard.take();
  EXPECT_EQ(first.call->body, "{}");
  shard.reply(first, {});
  shard.pass(base::hours(1));
  const Outgoing second = shard.take();
  EXPECT_NE(second.key, first.key);
  shard.reply(second, {});
  shard.pass(base::hours(1));
  EXPECT_EQ(shard.counter("exited/rounds/completed"), 1);
  EXPECT_EQ(shard.counter("calls/weather/answered"), 2);
}

TEST(Calls, AHostHasItsLimitAndHoldsUpNobodyElse) {
  const std::string world = std::string(kWorld) + R"(
    journey rated    { enter on signup call rating up to 30s send other }
    journey forecast { enter on signup call weather up to 30s send other }
  )";
  ShardSettings settings;
  settings.max_calls_in_doubt = 2;
  ShardWorld shard(world, settings);
  std::map<std::string, int> left;
  for (const char* user : {"a@example.com", "b@example.com", "c@example.com"}) {
    shard.track(signup(user));
  }
  std::vector<Outgoing> calls;
  while (!shard.nothing_to_take()) {
    calls.push_back(shard.take());
    ASSERT_TRUE(calls.back().call.has_value());
    ++left[calls.back().call->webhook];
  }
  // Two webhooks are on one host.
  EXPECT_EQ(left["scoring"] + left["rating"], 2);
  EXPECT_EQ(left["weather"], 2);
  // Neither host answers; who is not asked about goes on, and messages leave.
  shard.pass(seconds(31));
  int messages = 0;
  while (!shard.nothing_to_take()) {
    const Outgoing outgoing = shard.take();
    EXPECT_FALSE(outgoing.call.has_value());
    ++messages;
  }
  EXPECT_EQ(messages, 9);
  EXPECT_EQ(shard.counter("calls/scoring/busy") + shard.counter("calls/rating/busy") +
                shard.counter("calls/weather/busy") + shard.counter("calls/scoring/left") +
                shard.counter("calls/rating/left") + shard.counter("calls/weather/left"),
            5);
}

TEST(Calls, WhoWaitsForRoomIsAskedWhenThereIsSome) {
  ShardSettings settings;
  settings.max_calls_in_doubt = 1;
  ShardWorld shard(kWorld, settings);
  shard.track(signup("a@example.com"));
  shard.track(signup("b@example.com"));
  const Outgoing first = shard.take();
  EXPECT_TRUE(shard.nothing_to_take());
  shard.pass(seconds(5));
  EXPECT_TRUE(shard.nothing_to_take());
  shard.reply(first, score(1));
  EXPECT_EQ(campaign_of(shard.take()), 101);
  shard.pass(seconds(10));
  const Outgoing second = shard.take();
  ASSERT_TRUE(second.call.has_value());
  EXPECT_NE(second.key.user, first.key.user);
}

TEST(Calls, AHostThatNamesATimeIsLeftAloneUntilThen) {
  ShardWorld shard(kWorld);
  shard.track(signup("a@example.com"));
  shard.end(shard.take(), OutcomeKind::kRetry, false, seconds(10));
  shard.track(signup("b@example.com"));
  shard.pass(base::Millis{9'999});
  EXPECT_TRUE(shard.nothing_to_take());
  shard.pass(seconds(12));
  EXPECT_TRUE(shard.take().call.has_value());
  EXPECT_TRUE(shard.take().call.has_value());
}

TEST(Calls, NothingAboutPeopleOutsideOnlyToLeaves) {
  ShardSettings settings;
  settings.turn.only_to = *connectors::OnlyTo::from_patterns({"*@example.com"});
  ShardWorld shard(kWorld, settings);
  shard.track(signup("eve@elsewhere.net"));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("calls/scoring/only_to"), 1);
  EXPECT_THAT(shard.log("eve@elsewhere.net"), Contains("branch scored call 1 else"));
}

TEST(Calls, WhoIsHeldOutIsNotAskedAbout) {
  std::string world = kWorld;
  world.replace(world.find("enter on signup"), 15, "enter on signup holdout 99%");
  ShardWorld shard(world);
  for (int i = 0; i < 20; ++i) shard.track(signup("u" + std::to_string(i) + "@example.com"));
  const std::int64_t held_out = shard.counter("exited/scored/completed");
  EXPECT_GT(held_out, 10);
  EXPECT_EQ(shard.counter("calls/scoring/planned"), 20 - held_out);
}

TEST(Calls, WhatIsTooLargeDoesNotLeave) {
  ShardWorld shard(kWorld);
  const std::string plan(connectors::webhook::kMaxRequestBytes, 'p');
  shard.track(R"({"email":"ada@example.com","eventName":"signup","dataFields":{"plan":")" + plan +
              R"("}})");
  EXPECT_EQ(shard.counter("calls/scoring/too_large"), 1);
  EXPECT_EQ(campaign_of(shard.take()), 102);
}

}  // namespace
}  // namespace sojourn::runtime
