// Deliveries that ended unsent: kept with what was answered, across restarts, listed, sent
// again under the same key by all the rules, or dropped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

#include "runtime/dead_letter.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using connectors::OutcomeKind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;
using Verb = DeliveryOrder::Verb;

constexpr base::Millis kMoment{1};

// A journey of these steps, which the event `gone` ends. The world stands at 09:00 UTC.
std::string journey(const std::string& steps, const std::string& rules = "") {
  return R"(
    event signup
    event gone
    event nudged { why string }
    message_type news = 1 transactional opt_out
    message_type offer = 2 marketing opt_out
    campaign hello = 101 email news
    campaign promo = 102 email offer
    campaign once_only = 103 email news { delivery at_most_once }
    policy { timezone "UTC" )" +
         rules + R"( }
    journey trial {
      owner "a@example.com"
      enter on signup
      exit on gone
      )" +
         steps + R"(
    }
  )";
}

constexpr const char* kHelloAndWait = "send hello wait 10d";

std::string event(const std::string& name, const std::string& who = "ada@example.com") {
  return R"({"email":")" + who + R"(","eventName":")" + name + R"("})";
}

DeliveryFilter with_state(DeliveryState state) {
  DeliveryFilter filter;
  filter.state = state;
  return filter;
}

DeliveryFilter with_key(const Outgoing& outgoing) {
  DeliveryFilter filter;
  filter.keys = {outgoing.key.message};
  return filter;
}

Json answer_to(ShardWorld& world, DeliveryQuery query = {}) {
  query.token = 1;
  return Json::parse(world.ask(std::move(query)));
}

std::vector<Json> listed(ShardWorld& world, DeliveryQuery query = {}) {
  return answer_to(world, std::move(query)).at("deliveries");
}

std::vector<std::string> listed_emails(ShardWorld& world, DeliveryQuery query = {}) {
  std::vector<std::string> emails;
  for (const Json& delivery : listed(world, std::move(query))) {
    emails.push_back(delivery.at("email"));
  }
  return emails;
}

Json order(ShardWorld& world, Verb verb, DeliveryFilter filter, bool go = true,
           std::uint64_t up_to = 0) {
  DeliveryOrder order;
  order.verb = verb;
  order.filter = std::move(filter);
  order.go = go;
  order.up_to = up_to;
  order.token = 1;
  return Json::parse(world.ask(std::move(order)));
}

// Signs Ada up, and the provider refuses her first delivery.
Outgoing sign_up_and_refuse(ShardWorld& world, const std::string& who = "ada@example.com") {
  world.track(event("signup", who));
  const Outgoing outgoing = world.take();
  world.refuse(outgoing, "status 400 BadParams: no such campaign");
  return outgoing;
}

TEST(DeadLetters, ARefusedMessageIsListedAcrossARestart) {
  ShardWorld world(journey(kHelloAndWait));
  const Outgoing refused = sign_up_and_refuse(world);
  const std::vector<Json> before = listed(world);
  ASSERT_EQ(before.size(), 1U);
  const Json& letter = before[0];
  EXPECT_EQ(letter.at("key"), refused.key.message.hex());
  EXPECT_EQ(letter.at("email"), "ada@example.com");
  EXPECT_EQ(letter.at("what"), "message");
  EXPECT_EQ(letter.at("subject"), "hello");
  EXPECT_EQ(letter.at("journey"), "trial");
  EXPECT_EQ(letter.at("step"), "hello");
  EXPECT_EQ(letter.at("state"), "refused");
  EXPECT_EQ(letter.at("since"), "2026-03-01T09:00:00Z");
  EXPECT_EQ(letter.at("attempts"), 1);
  EXPECT_EQ(letter.at("ended"), true);
  EXPECT_EQ(letter.at("reason"), "refused");
  EXPECT_EQ(letter.at("answer"), "status 400 BadParams: no such campaign");
  EXPECT_EQ(world.counter("dead_letters_kept"), 1);
  world.restart();
  EXPECT_EQ(listed(world), before);
}

TEST(DeadLetters, IsSentAgainUnderItsKeyAndThePersonStaysWhereTheyAre) {
  ShardWorld world(journey("send hello wait 10d send promo"));
  const Outgoing refused = sign_up_and_refuse(world);
  world.pass(hours(1));
  const Json done = order(world, Verb::kRetry, with_key(refused));
  EXPECT_EQ(done.at("planned"), 1);
  EXPECT_EQ(done.at("remaining"), 0);
  EXPECT_THAT(done.at("ended"), IsEmpty());
  const Outgoing again = world.take();
  EXPECT_EQ(again.key, refused.key);
  EXPECT_EQ(again.attempt, 2U);
  EXPECT_EQ(again.request.path, refused.request.path);
  EXPECT_EQ(Json::parse(again.request.body).at("campaignId"), 101);
  EXPECT_THAT(listed(world), IsEmpty()) << "it is on its way";
  world.accept(again);
  EXPECT_EQ(world.counter("planned/trial/hello"), 2);
  EXPECT_EQ(world.counter("skipped/trial/hello/refused"), 1);
  EXPECT_EQ(world.counter("accepted/trial/hello"), 1);
  EXPECT_EQ(world.counter("dead_letters_kept"), 0);
  EXPECT_EQ(world.counter("dead_letters_gone/retried"), 1);
  EXPECT_THAT(world.log("ada@example.com"),
              Contains("sent_again trial hello " + refused.key.message.hex()));
  EXPECT_THAT(world.notes(), Contains(Field(&OperatorNote::event, "deliveries_retry")));
  EXPECT_THAT(world.commands(),
              ElementsAre("deliveries retry  by unknown: 1 named by key, 1 planned, 0 dropped"));
  world.pass(base::Millis{days24(10).count - hours(1).count - 1});
  EXPECT_TRUE(world.nothing_to_take()) << "the wait began when the message was refused";
  world.pass(kMoment);
  EXPECT_EQ(Json::parse(world.take().request.body).at("campaignId"), 102);
}

TEST(DeadLetters, WithoutAGoOnlyCountsAreGiven) {
  ShardWorld world(journey(kHelloAndWait));
  sign_up_and_refuse(world);
  const Json preview = order(world, Verb::kRetry, with_state(DeliveryState::kRefused), false);
  EXPECT_EQ(preview.at("done"), false);
  EXPECT_EQ(preview.at("chosen"), 1);
  EXPECT_EQ(preview.at("subjects"), (Json{{"message hello", 1}}));
  EXPECT_EQ(preview.at("up_to"), 1);
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(listed(world).size(), 1U);
  DeliveryFilter nobodys;
  nobodys.keys = {base::stable_hash128("nobody's")};
  const Json nothing = order(world, Verb::kDrop, nobodys, false);
  EXPECT_EQ(nothing.at("chosen"), 0);
  EXPECT_EQ(nothing.at("unknown_keys"), Json::array({nobodys.keys[0].hex()}));
}

TEST(DeadLetters, WhoHasLeftTheJourneyIsNotSentIt) {
  ShardWorld world(journey(kHelloAndWait));
  sign_up_and_refuse(world);
  world.track(event("gone"));
  const Json done = order(world, Verb::kRetry, with_state(DeliveryState::kRefused));
  EXPECT_EQ(done.at("planned"), 0);
  EXPECT_EQ(done.at("ended"), (Json{{"exited", 1}}));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_THAT(listed(world), IsEmpty());
  EXPECT_THAT(world.log("ada@example.com"), Contains("skipped trial hello exited"));
  EXPECT_EQ(world.counter("planned/trial/hello"), 1) << "nothing was planned";
}

TEST(DeadLetters, ConsentIsAskedAgain) {
  ShardWorld world(journey(kHelloAndWait));
  sign_up_and_refuse(world);
  world.update(R"({"email":"ada@example.com","dataFields":{"unsubscribedMessageTypeIds":[1]}})");
  const Json done = order(world, Verb::kRetry, with_state(DeliveryState::kRefused));
  EXPECT_EQ(done.at("planned"), 0);
  EXPECT_EQ(done.at("ended"), (Json{{"no_consent", 1}}));
  EXPECT_TRUE(world.nothing_to_take());
}

TEST(DeadLetters, QuietHoursCountFromTheOrder) {
  ShardWorld world(
      journey("send promo wait 10d", "quiet marketing 18:00..08:00 defer up to 14h else drop"));
  const Outgoing refused = sign_up_and_refuse(world);
  world.pass(hours(12));
  const Json done = order(world, Verb::kRetry, with_key(refused));
  EXPECT_EQ(done.at("planned"), 1);
  EXPECT_TRUE(world.nothing_to_take()) << "it is 21:00";
  DeliveryQuery put_off;
  put_off.filter = with_state(DeliveryState::kPutOff);
  EXPECT_THAT(listed_emails(world, put_off), ElementsAre("ada@example.com"));
  world.restart();
  world.pass(base::Millis{hours(11).count - 1});
  EXPECT_TRUE(world.nothing_to_take());
  world.pass(kMoment);
  EXPECT_EQ(world.take().key, refused.key);
}

TEST(DeadLetters, ItsDeadlineStaysWhatItWas) {
  ShardWorld world(journey("send hello within 2h wait 10d"));
  sign_up_and_refuse(world);
  world.pass(hours(2));
  EXPECT_EQ(order(world, Verb::kRetry, with_state(DeliveryState::kRefused), false).at("chosen"), 1);
  world.restart();
  world.pass(kMoment);
  const Json done = order(world, Verb::kRetry, with_state(DeliveryState::kRefused));
  EXPECT_EQ(done.at("planned"), 0);
  EXPECT_EQ(done.at("left_alone"), (Json{{"late", 1}}));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(listed(world).size(), 1U) << "it can still be seen, and dropped";
}

TEST(DeadLetters, WhatMayHaveArrivedIsNotSentASecondTimeAndCanBeDropped) {
  ShardWorld world(journey("send once_only wait 10d"));
  world.track(event("signup"));
  world.end(world.take(), OutcomeKind::kUnknown);
  const auto letters = listed(world);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].at("state"), "in_doubt");
  EXPECT_EQ(letters[0].at("ended"), true);
  const Json retried = order(world, Verb::kRetry, with_state(DeliveryState::kInDoubt));
  EXPECT_EQ(retried.at("left_alone"), (Json{{"at_most_once", 1}}));
  EXPECT_TRUE(world.nothing_to_take());
  const Json dropped = order(world, Verb::kDrop, with_state(DeliveryState::kInDoubt));
  EXPECT_EQ(dropped.at("dropped"), 1);
  EXPECT_THAT(listed(world), IsEmpty());
  EXPECT_EQ(world.counter("dead_letters_gone/dropped"), 1);
  EXPECT_THAT(world.log("ada@example.com"), Contains("dropped trial once_only"));
  world.restart();
  EXPECT_THAT(listed(world), IsEmpty());
}

TEST(DeadLetters, RefusedOnceMoreItIsListedOnceMore) {
  ShardWorld world(journey(kHelloAndWait));
  const Outgoing refused = sign_up_and_refuse(world);
  order(world, Verb::kRetry, with_key(refused));
  world.refuse(world.take(), "status 400 again");
  const auto letters = listed(world);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].at("attempts"), 2);
  EXPECT_EQ(letters[0].at("answer"), "status 400 again");
  order(world, Verb::kRetry, with_key(refused));
  EXPECT_EQ(world.take().attempt, 3U);
}

TEST(DeadLetters, ARestartBetweenItsClaimAndTheAnswerSendsItStill) {
  ShardWorld world(journey(kHelloAndWait));
  const Outgoing refused = sign_up_and_refuse(world);
  order(world, Verb::kRetry, with_key(refused));
  EXPECT_EQ(world.take().attempt, 2U);
  world.restart();
  const auto letters = listed(world);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].at("state"), "in_doubt");
  EXPECT_EQ(letters[0].at("ended"), false) << "it is tried again by itself";
  world.pass(hours(1));
  const Outgoing again = world.take();
  EXPECT_EQ(again.key, refused.key);
  EXPECT_EQ(again.attempt, 3U);
  world.accept(again);
  EXPECT_EQ(world.counter("accepted/trial/hello"), 1);
}

TEST(DeadLetters, TheOldestMakeRoomAndAreCounted) {
  ShardSettings settings;
  settings.dead_letters.max_letters = 2;
  ShardWorld world(journey(kHelloAndWait), settings);
  for (const char* who : {"ada@example.com", "bob@example.com", "carl@example.com"}) {
    sign_up_and_refuse(world, who);
  }
  EXPECT_THAT(listed_emails(world), ElementsAre("carl@example.com", "bob@example.com"));
  EXPECT_EQ(world.counter("dead_letters_kept"), 2);
  EXPECT_EQ(world.counter("dead_letters_gone/forgotten"), 1);
  world.restart();
  EXPECT_THAT(listed_emails(world), ElementsAre("carl@example.com", "bob@example.com"));
}

TEST(DeadLetters, TheirSizeTogetherIsBounded) {
  ShardSettings settings;
  settings.dead_letters.max_bytes = 1;
  ShardWorld world(journey(kHelloAndWait), settings);
  sign_up_and_refuse(world);
  EXPECT_THAT(listed(world), IsEmpty());
  EXPECT_EQ(world.counter("dead_letters_gone/forgotten"), 1);
}

TEST(DeadLetters, AnOrderIsWorkedOffInPartsAndKnowsNothingOfWhatCameSince) {
  ShardSettings settings;
  settings.turn.max_ordered_letters = 2;
  ShardWorld world(journey(kHelloAndWait), settings);
  for (int i = 0; i < 5; ++i) sign_up_and_refuse(world, "u" + std::to_string(i) + "@example.com");
  const DeliveryFilter refused = with_state(DeliveryState::kRefused);
  const std::uint64_t up_to = order(world, Verb::kRetry, refused, false).at("up_to");
  Json done = order(world, Verb::kRetry, refused, true, up_to);
  EXPECT_EQ(done.at("planned"), 2);
  EXPECT_EQ(done.at("remaining"), 3);
  world.refuse(world.take(), "again");
  world.refuse(world.take(), "again");
  done = order(world, Verb::kRetry, refused, true, up_to);
  EXPECT_EQ(done.at("remaining"), 1);
  done = order(world, Verb::kRetry, refused, true, up_to);
  EXPECT_EQ(done.at("planned"), 1);
  EXPECT_EQ(done.at("remaining"), 0);
  EXPECT_EQ(listed(world).size(), 2U) << "those that were refused again meanwhile";
}

TEST(DeadLetters, ATrackedEventIsSentAgainAsItWas) {
  ShardWorld world(journey(R"(track nudged { why: "quiet" } wait 10d)"));
  const Outgoing refused = sign_up_and_refuse(world);
  const auto letters = listed(world);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].at("what"), "track");
  EXPECT_EQ(letters[0].at("subject"), "nudged");
  world.track(event("gone"));
  world.pass(hours(1));
  EXPECT_EQ(order(world, Verb::kRetry, with_key(refused)).at("planned"), 1)
      << "an event is said whether or not the journey goes on";
  const Outgoing again = world.take();
  EXPECT_EQ(again.key, refused.key);
  EXPECT_EQ(again.request.body, refused.request.body);
  world.accept(again);
  EXPECT_EQ(world.counter("tracks/accepted"), 1);
}

TEST(DeadLetters, WhatTheProviderDidNotTakeInTimeIsKeptAsLate) {
  ShardWorld world(journey(kHelloAndWait));
  world.track(event("signup"));
  world.end(world.take(), OutcomeKind::kRetry);
  world.pass(days24(4));
  const auto letters = listed(world);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].at("state"), "late");
  EXPECT_EQ(letters[0].at("attempts"), 1);
}

TEST(DeadLetters, WhatWasNeverTriedIsNotKept) {
  ShardSettings settings;
  settings.max_in_doubt = 1;
  ShardWorld world(journey(kHelloAndWait), settings);
  world.track(event("signup"));
  world.track(event("signup", "bob@example.com"));
  const Outgoing first = world.take();
  ASSERT_TRUE(world.nothing_to_take()) << "there is room for one";
  world.pass(days24(4));
  world.accept(first);
  EXPECT_EQ(world.counter("skipped/trial/hello/late"), 1);
  EXPECT_THAT(listed(world), IsEmpty());
}

TEST(DeadLetters, AProgramWithoutTheJourneyListsThemStill) {
  ShardWorld world(journey(kHelloAndWait));
  sign_up_and_refuse(world);
  world.track(event("gone"));
  world.restart_with(R"(
    event other
    message_type news = 1 transactional opt_out
    campaign another = 201 email news
    policy { timezone "UTC" }
    journey elsewhere { owner "a@example.com" enter on other send another }
  )");
  const auto letters = listed(world);
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].at("subject"), "hello");
  EXPECT_EQ(letters[0].at("step"), "");
  EXPECT_EQ(order(world, Verb::kRetry, with_state(DeliveryState::kRefused)).at("ended"),
            (Json{{"exited", 1}}));
}

TEST(DeadLetters, AreListedByUserCampaignAndState) {
  ShardWorld world(journey("send hello send promo wait 10d"));
  const Outgoing hello = sign_up_and_refuse(world);
  const Outgoing promo = world.take();
  sign_up_and_refuse(world, "bob@example.com");
  DeliveryQuery query;
  query.user = "ada@example.com";
  EXPECT_EQ(listed(world, query).size(), 2U) << "of one user, what is on its way, too";
  query.filter = with_state(DeliveryState::kWaiting);
  const auto waiting = listed(world, query);
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0].at("key"), promo.key.message.hex());
  EXPECT_EQ(waiting[0].at("ended"), false);
  query = {};
  query.filter.campaign = "promo";
  EXPECT_THAT(listed(world, query), IsEmpty());
  world.refuse(promo, "no");
  EXPECT_THAT(listed_emails(world, query), ElementsAre("ada@example.com"));
  query = {};
  query.limit = 1;
  const Json one = answer_to(world, query);
  EXPECT_EQ(one.at("deliveries").size(), 1U);
  EXPECT_EQ(one.at("more"), true);
  query.user = "nobody@example.com";
  EXPECT_THAT(answer_to(world, query).at("error").get<std::string>(), HasSubstr("nobody has"));
}

TEST(DeadLetter, KeepsWholeCharactersOfAnAnswer) {
  const std::string most(kMaxKeptAnswerBytes, 'a');
  EXPECT_EQ(kept_answer(most + "b"), most);
  const std::string almost(kMaxKeptAnswerBytes - 1, 'a');
  EXPECT_EQ(kept_answer(almost + "\xC3\xA9"), almost);
}

}  // namespace
}  // namespace sojourn::runtime
