#include "runtime/shard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using connectors::OutcomeKind;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kWelcome = R"(
  user { plan string  stage string }
  event signup { plan string }
  event login
  message_type news  = 1 transactional opt_out
  message_type offer = 2 marketing opt_in
  campaign m1 = 101 email news { delivery at_least_once }
  campaign m2 = 102 email news
  campaign m3 = 103 email news
  campaign tips = 104 email offer
  campaign once_only = 105 sms news { delivery at_most_once }
  policy { timezone "UTC" }
  journey welcome {
    owner "a@example.com"
    enter on signup
    exit when user.plan == "gone" as left
    send m1
    wait 1d
    if entry.plan == "pro" { send m2 } else { send m3 }
  }
)";

std::string signup(const std::string& id, const std::string& who = "ada@example.com") {
  return R"({"email":")" + who + R"(","eventName":"signup","id":")" + id +
         R"(","dataFields":{"plan":"pro"}})";
}

nlohmann::json body_of(const Outgoing& outgoing) {
  return nlohmann::json::parse(outgoing.request.body);
}

TEST(Shard, RunsAJourneyFromTheEventToTheLastMessage) {
  ShardWorld world(kWelcome);
  EXPECT_EQ(world.track(signup("e-1")), "200 Success");
  const Outgoing first = world.take();
  EXPECT_EQ(first.request.path, "/api/email/target");
  EXPECT_EQ(body_of(first)["campaignId"], 101);
  EXPECT_EQ(body_of(first)["recipientEmail"], "ada@example.com");
  EXPECT_EQ(body_of(first)["metadata"]["sojournMessageKey"], first.key.message.hex());
  EXPECT_EQ(body_of(first)["dataFields"]["sojournMessageKey"], first.key.message.hex());
  world.accept(first);
  world.pass(base::Millis{base::days24(1).count - 1});
  EXPECT_TRUE(world.nothing_to_take()) << "a timer never fires early";
  world.pass(base::Millis{1});
  const Outgoing second = world.take();
  EXPECT_EQ(body_of(second)["campaignId"], 102);
  world.accept(second);
  EXPECT_EQ(world.counter("exited/welcome/completed"), 1);
  EXPECT_EQ(world.counter("accepted/welcome/m1"), 1);
  EXPECT_EQ(world.counter("entered/welcome"), 1);
}

TEST(Shard, ARepeatedEventIdChangesNothing) {
  ShardWorld world(kWelcome);
  world.track(signup("e-1"));
  EXPECT_EQ(world.track(signup("e-1")), "200 Success");
  EXPECT_EQ(world.counter("repeated_events"), 1);
  EXPECT_EQ(world.counter("events/signup"), 1);
  world.restart();
  world.track(signup("e-1"));
  EXPECT_EQ(world.counter("repeated_events"), 2);
}

TEST(Shard, NobodyEntersTwiceAndTheRefusalIsRecorded) {
  ShardWorld world(kWelcome);
  world.track(signup("e-1"));
  world.track(signup("e-2"));
  EXPECT_EQ(world.counter("entered/welcome"), 1);
  EXPECT_EQ(world.counter("refused/welcome/enrolled"), 1);
  EXPECT_THAT(world.log("ada@example.com"), Contains("refused welcome signup enrolled"));
}

TEST(Shard, EmailAndUserIdAreTwoNamesOfOneUser) {
  ShardWorld world(kWelcome);
  world.track(R"({"userId":"u-1","eventName":"login"})");
  world.update(R"({"userId":"u-1","email":"Ada@Example.com","dataFields":{"plan":"pro"}})");
  const auto by_email = nlohmann::json::parse(world.report("ada@example.com"));
  const auto by_id = nlohmann::json::parse(world.report("u-1"));
  EXPECT_EQ(by_email["id"], by_id["id"]);
  EXPECT_EQ(by_email["profile"]["plan"]["value"], "pro");
}

TEST(Shard, AnUpdateThatNamesTwoUsersIsAConflict) {
  ShardWorld world(kWelcome);
  world.update(R"({"userId":"u-1"})");
  world.update(R"({"email":"ada@example.com"})");
  EXPECT_EQ(world.update(R"({"userId":"u-1","email":"ada@example.com"})"),
            "409 EmailAlreadyExists");
}

TEST(Shard, InAProjectOfEmailsTheEmailSaysWhoItIs) {
  ShardWorld world(kWelcome);
  world.update(R"({"email":"ada@example.com","userId":"shared"})");
  world.update(R"({"email":"ada@example.com","dataFields":{"unsubscribedMessageTypeIds":[7]}})");
  EXPECT_EQ(world.update(R"({"email":"bob@example.com","userId":"shared"})"), "200 Success");
  const auto profile = [&](const char* email) {
    return nlohmann::json::parse(world.report(email))["profile"];
  };
  EXPECT_TRUE(profile("ada@example.com").contains("unsubscribedMessageTypeIds"));
  EXPECT_FALSE(profile("bob@example.com").contains("unsubscribedMessageTypeIds"));
  EXPECT_EQ(nlohmann::json::parse(world.report("shared"))["email"], "ada@example.com");
  world.update(R"({"userId":"alone"})");
  world.update(R"({"email":"eve@example.com","userId":"alone"})");
  EXPECT_EQ(nlohmann::json::parse(world.report("alone"))["email"], "eve@example.com");
}

TEST(Shard, InAHybridProjectAUserIdIsOnePersons) {
  ShardSettings settings;
  settings.turn.identity = connectors::ProjectIdentity::kHybrid;
  ShardWorld world(kWelcome, settings);
  world.update(R"({"email":"ada@example.com","userId":"u-1"})");
  world.update(R"({"email":"new@example.com","userId":"u-1"})");
  EXPECT_EQ(nlohmann::json::parse(world.report("u-1"))["email"], "new@example.com");
  EXPECT_THAT(world.report("ada@example.com"), HasSubstr("nobody"));
}

TEST(Shard, ANewEmailReplacesTheOldOne) {
  ShardWorld world(kWelcome);
  world.update(R"({"userId":"u-1","email":"old@example.com"})");
  world.update(R"({"userId":"u-1","dataFields":{"email":"new@example.com"}})");
  const auto report = nlohmann::json::parse(world.report("new@example.com"));
  EXPECT_EQ(report["userId"], "u-1");
  EXPECT_THAT(world.report("old@example.com"), HasSubstr("nobody"));
}

TEST(Shard, ANewEmailIsTheSamePersonHoweverItIsWritten) {
  ShardWorld world(kWelcome);
  world.update(R"({"userId":"u-1","dataFields":{"email":"Ada@Example.com"}})");
  const auto report = nlohmann::json::parse(world.report("ada@example.com"));
  EXPECT_EQ(report["userId"], "u-1");
  world.update_subscriptions(R"({"email":"ada@example.com","unsubscribedMessageTypeIds":[1]})");
  const auto after = nlohmann::json::parse(world.report("u-1"));
  EXPECT_EQ(after["profile"]["unsubscribedMessageTypeIds"]["value"], nlohmann::json::array({1}))
      << "an opt-out under the name as Iterable writes it is theirs";
}

TEST(Shard, ARefusedAttemptIsTriedAgainWithTheSameKey) {
  ShardWorld world(kWelcome);
  world.track(signup("e-1"));
  const Outgoing first = world.take();
  world.end(first, OutcomeKind::kRetry, false, base::seconds(30));
  world.pass(base::seconds(29));
  EXPECT_TRUE(world.nothing_to_take()) << "the provider asked us to stay away for 30 s";
  world.pass(base::seconds(5));
  const Outgoing again = world.take();
  EXPECT_EQ(again.key.message, first.key.message);
  EXPECT_EQ(again.attempt, 2u);
}

TEST(Shard, AnAnswerThatNeverCameIsNotedAndTriedAgain) {
  ShardWorld world(kWelcome);
  world.track(signup("e-1"));
  const Outgoing first = world.take();
  world.end(first, OutcomeKind::kUnknown);
  EXPECT_EQ(world.counter("in_doubt/email"), 1);
  ASSERT_EQ(world.notes().size(), 2u);
  EXPECT_EQ(world.notes()[0].event, "in_doubt");
  EXPECT_EQ(world.notes()[1].event, "may_be_doubled");
  for (const OperatorNote& note : world.notes()) {
    EXPECT_THAT(note.detail, HasSubstr(first.key.message.hex()));
  }
  world.pass(base::minutes(1));
  EXPECT_EQ(world.take().key.message, first.key.message);
}

TEST(Shard, AMessageSentAtMostOnceIsNotTriedAgain) {
  ShardWorld world(std::string(kWelcome) + R"(
    event alarm
    journey alert { owner "a@example.com"  enter on alarm  send once_only }
  )");
  world.update(R"({"userId":"u-1","dataFields":{"phoneNumber":"+15005550006"}})");
  world.track(R"({"userId":"u-1","eventName":"alarm"})");
  world.end(world.take(), OutcomeKind::kUnknown);
  world.pass(base::days24(1));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/alert/once_only/unknown"), 1);
  EXPECT_EQ(world.counter("exited/alert/completed"), 1);
}

TEST(Shard, WhatWasClaimedWhenTheProcessDiedIsInDoubt) {
  ShardWorld world(kWelcome);
  world.track(signup("e-1"));
  const Outgoing first = world.take();
  world.restart();
  EXPECT_EQ(world.counter("in_doubt/email"), 1);
  world.pass(base::minutes(1));
  const Outgoing again = world.take();
  EXPECT_EQ(again.key.message, first.key.message);
  EXPECT_EQ(again.attempt, 2u);
  world.accept(again);
  EXPECT_EQ(world.counter("accepted/welcome/m1"), 1);
}

TEST(Shard, AWaitGoesOnAfterARestart) {
  ShardWorld world(kWelcome);
  world.track(signup("e-1"));
  world.accept(world.take());
  world.restart();
  world.pass(base::days24(1));
  EXPECT_EQ(body_of(world.take())["campaignId"], 102);
}

TEST(Shard, AnExitStopsAMessageThatHasNotLeft) {
  ShardWorld world(kWelcome);
  world.track(signup("e-1"));
  world.end(world.take(), OutcomeKind::kRetry, false, base::minutes(10));
  world.update(R"({"email":"ada@example.com","dataFields":{"plan":"gone"}})");
  EXPECT_EQ(world.counter("exited/welcome/left"), 1);
  world.pass(base::hours(1));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/welcome/m1/exited"), 1);
}

TEST(Shard, MarketingNeedsConsent) {
  const std::string text = std::string(kWelcome) + R"(
    event ask
    journey advice { owner "a@example.com"  enter on ask  send tips }
  )";
  ShardWorld world(text);
  world.track(R"({"userId":"u-1","eventName":"ask"})");
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/advice/tips/no_consent"), 1);
  world.update(R"({"userId":"u-2","dataFields":{"subscribedMessageTypeIds":[2]}})");
  world.track(R"({"userId":"u-2","eventName":"ask"})");
  EXPECT_EQ(body_of(world.take())["campaignId"], 104);
}

TEST(Shard, OnlyToHoldsBackEverybodyElse) {
  ShardSettings settings;
  settings.turn.only_to = *connectors::OnlyTo::from_patterns({"*@example.com"});
  ShardWorld world(kWelcome, settings);
  world.track(signup("e-1", "stranger@elsewhere.org"));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/welcome/m1/only_to"), 1);
  world.track(signup("e-2", "ada@example.com"));
  EXPECT_EQ(body_of(world.take())["recipientEmail"], "ada@example.com");
}

TEST(Shard, AProfileChangeOfAJourneyGoesOutAndIsCarriedByTheNextMessages) {
  ShardWorld world(R"(
    user { stage string }
    event signup
    message_type news = 1 transactional opt_out
    campaign m1 = 101 email news
    policy { timezone "UTC" }
    journey stages {
      owner "a@example.com"
      enter on signup
      update user { stage: "new" }
      wait 1s
      send m1
      wait 2m
      second: send m1 again
    }
  )");
  world.track(R"({"email":"ada@example.com","eventName":"signup"})");
  const Outgoing change = world.take();
  EXPECT_EQ(change.request.path, "/api/users/update");
  EXPECT_EQ(body_of(change)["dataFields"]["stage"], "new");
  world.accept(change);
  world.pass(base::seconds(1));
  const Outgoing soon = world.take();
  EXPECT_EQ(body_of(soon)["dataFields"]["stage"], "new") << "Iterable may not have applied it yet";
  world.accept(soon);
  world.pass(base::minutes(2));
  EXPECT_FALSE(body_of(world.take())["dataFields"].contains("stage")) << "a minute later it has";
}

TEST(Shard, ATrackedEventComesBackAsIfItHadArrived) {
  ShardWorld world(R"(
    event signup
    event nudged { by string }
    message_type news = 1 transactional opt_out
    campaign m1 = 101 email news
    policy { timezone "UTC" }
    journey first { owner "a@example.com"  enter on signup  track nudged { by: "first" } }
    journey second {
      owner "a@example.com"
      enter on nudged where event.by == "first"
      send m1
    }
  )");
  world.track(R"({"email":"ada@example.com","eventName":"signup"})");
  EXPECT_EQ(world.counter("entered/second"), 1);
  const Outgoing event = world.take();
  EXPECT_EQ(event.request.path, "/api/events/track");
  EXPECT_EQ(body_of(event)["id"], event.key.message.hex());
  EXPECT_EQ(body_of(world.take())["campaignId"], 101);
}

TEST(Shard, ARefusedKeyStopsEverythingForAWhileAndLosesNothing) {
  ShardWorld world(kWelcome);
  world.track(signup("e-1"));
  world.end(world.take(), OutcomeKind::kHalt);
  world.track(signup("e-2", "bob@example.com"));
  EXPECT_TRUE(world.nothing_to_take());
  world.pass(base::minutes(1));
  world.take();
  world.take();
}

TEST(Shard, TheWindowBoundsWhatIsInDoubt) {
  ShardSettings settings;
  settings.max_in_doubt = 2;
  ShardWorld world(kWelcome, settings);
  for (int i = 0; i < 5; ++i) {
    world.track(signup("e-" + std::to_string(i), "p" + std::to_string(i) + "@example.com"));
  }
  const Outgoing first = world.take();
  world.take();
  EXPECT_TRUE(world.nothing_to_take());
  world.accept(first);
  world.take();
  EXPECT_TRUE(world.nothing_to_take());
}

TEST(Shard, AClockThatIsSetBackFiresNothingTwice) {
  ShardWorld world(kWelcome);
  world.track(signup("e-1"));
  world.accept(world.take());
  world.pass(base::days24(1));
  world.accept(world.take());
  world.pass(base::Millis{-3'600'000});
  world.pass(base::hours(30));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("exited/welcome/completed"), 1);
}

// Its sender's clock is ahead.
TEST(Shard, AnEventHappensWhenItComesAtTheLatest) {
  ShardWorld world(R"(
    event signup
    event login
    message_type news = 1 transactional opt_out
    campaign letter = 101 email news
    policy { timezone "UTC" }
    journey j { enter on signup wait for login up to 2m { send letter } }
  )");
  world.track(signup("e-1"));
  const std::int64_t later = (world.now() + base::minutes(10)).millis;
  world.track(R"({"email":"ada@example.com","eventName":"login","createdAt":)" +
              std::to_string(later) + "}");
  EXPECT_EQ(nlohmann::json::parse(world.take().request.body)["campaignId"], 101);
}

TEST(Shard, AnUndeclaredEventIsTakenAndNoted) {
  ShardWorld world(kWelcome);
  EXPECT_EQ(world.track(R"({"userId":"u-1","eventName":"Mystery"})"), "200 Success");
  EXPECT_EQ(world.counter("undeclared_events"), 1);
  EXPECT_THAT(world.log("u-1"), Contains("event Mystery undeclared"));
}

}  // namespace
}  // namespace sojourn::runtime
