// What waits to leave is dropped by an operator: it ends unsent, counts for nothing, and the
// person goes on. Through the real store.
#include "runtime/waiting_deliveries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using base::minutes;
using connectors::OutcomeKind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;

// The world stands at 09:00 UTC.
std::string world_of(const std::string& journeys, const std::string& rules = "") {
  return R"(
    event signup
    event login
    message_type news = 1 transactional opt_out
    message_type offer = 2 marketing opt_in
    campaign hello = 101 email news
    campaign promo = 102 email offer
    campaign rare = 103 email news { once }
    webhook scoring = "https://scores.example.com/one"
    policy { timezone "UTC" )" +
         rules + "}" + journeys;
}

std::string journey(const std::string& steps, const std::string& event = "signup") {
  return "journey on_" + event + R"( { owner "a@example.com" enter on )" + event +
         " reenter always " + steps + "}";
}

constexpr const char* kQuiet = "quiet marketing 08:00..18:00 defer up to 1d else drop";
constexpr const char* kCap = "cap marketing 1 per 24h defer up to 2d else drop";

class WaitingDeliveries : public testing::Test {
 protected:
  void begin(const std::string& text) {
    ShardSettings settings;
    settings.turn.look_up_after = minutes(2);
    settings.turn.max_ordered_letters = 2;
    world.emplace(text, settings);
    for (const char* who : {"ada", "bob", "cyd", "dan", "eve"}) {
      EXPECT_EQ(world->update(R"({"email":")" + std::string(who) +
                              R"(@example.com","dataFields":{"subscribedMessageTypeIds":[2]}})"),
                "200 Success");
    }
  }
  void say(const std::string& event, const std::string& who = "ada") {
    EXPECT_EQ(
        world->track(R"({"email":")" + who + R"(@example.com","eventName":")" + event + R"("})"),
        "200 Success");
  }
  static DeliveryOrder drop(DeliveryState state) {
    DeliveryOrder order;
    order.verb = DeliveryOrder::Verb::kDrop;
    order.filter.state = state;
    order.by = "ada";
    order.token = 1;
    return order;
  }
  Json ask(DeliveryOrder order, bool go) {
    order.go = go;
    return Json::parse(world->ask(std::move(order)));
  }
  Json dropped(DeliveryState state) { return ask(drop(state), true); }
  int next_campaign() {
    const Outgoing outgoing = world->take();
    world->accept(outgoing);
    return Json::parse(outgoing.request.body).at("campaignId");
  }

  std::optional<ShardWorld> world;
};

TEST_F(WaitingDeliveries, AMessageThatIsPutOffEndsAndThePersonGoesOn) {
  begin(world_of(journey("send promo send hello wait 1d"), kQuiet));
  say("signup");
  ASSERT_TRUE(world->nothing_to_take());
  const Json counted = ask(drop(DeliveryState::kPutOff), false);
  EXPECT_EQ(counted.at("chosen"), 1);
  EXPECT_EQ(counted.at("waiting"), 1);
  EXPECT_EQ(counted.at("subjects"), (Json{{"message promo", 1}}));
  ASSERT_TRUE(world->nothing_to_take()) << "it was only counted";
  EXPECT_EQ(dropped(DeliveryState::kPutOff).at("dropped"), 1);
  EXPECT_EQ(next_campaign(), 101);
  EXPECT_EQ(world->counter("skipped/on_signup/promo/dropped"), 1);
  EXPECT_THAT(world->log("ada@example.com"), Contains("skipped on_signup promo dropped"));
  EXPECT_THAT(world->commands(),
              ElementsAre("deliveries drop  by ada: state put_off, 0 planned, 1 dropped"));
  world->restart();
  world->pass(days24(2));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("exited/on_signup/completed"), 1);
}

TEST_F(WaitingDeliveries, WhatIsDroppedCountsForNoCapAndIsNoOnce) {
  begin(world_of(journey("send promo") + journey("send rare", "login"), kCap));
  say("signup");
  say("login");
  world->end(world->take(), OutcomeKind::kRetry);
  world->end(world->take(), OutcomeKind::kRetry);
  EXPECT_EQ(dropped(DeliveryState::kPutOff).at("dropped"), 2);
  say("signup");
  EXPECT_EQ(next_campaign(), 102) << "the place under the cap is free";
  say("login");
  EXPECT_EQ(next_campaign(), 103);
}

TEST_F(WaitingDeliveries, WhatMayHaveArrivedKeepsItsPlaceAndNobodyLooksItUpAnyMore) {
  begin(world_of(journey("send promo"), kCap));
  say("signup");
  world->end(world->take(), OutcomeKind::kUnknown);
  EXPECT_EQ(world->counter("parked/email"), 1);
  EXPECT_EQ(dropped(DeliveryState::kInDoubt).at("dropped"), 1);
  EXPECT_EQ(world->counter("parked/email"), 0);
  world->pass(minutes(2));
  EXPECT_TRUE(world->nothing_to_take());
  say("signup");
  EXPECT_TRUE(world->nothing_to_take()) << "the cap counts it";
  EXPECT_EQ(world->counter("deferred/on_signup/promo/capped"), 1);
}

TEST_F(WaitingDeliveries, WhatIsClaimedOrAnOptOutIsLeftAlone) {
  begin(world_of(journey("send hello") + journey("unsubscribe from offer", "login")));
  say("signup");
  say("login");
  const Outgoing hello = world->take();
  world->end(world->take(), OutcomeKind::kRetry);
  for (const bool go : {false, true}) {
    EXPECT_EQ(ask(drop(DeliveryState::kWaiting), go).at("left_alone"), (Json{{"claimed", 1}}));
    EXPECT_EQ(ask(drop(DeliveryState::kPutOff), go).at("left_alone"), (Json{{"opt_out", 1}}));
  }
  world->accept(hello);
  world->pass(hours(1));
  EXPECT_FALSE(world->nothing_to_take()) << "the no is told";
  EXPECT_EQ(world->counter("accepted/on_signup/hello"), 1);
}

TEST_F(WaitingDeliveries, ACallIsOverForWhoWaitsForIt) {
  begin(world_of(journey("call scoring up to 1h { exit as scored } else { exit as unscored }")));
  say("signup");
  world->end(world->take(), OutcomeKind::kRetry);
  EXPECT_EQ(dropped(DeliveryState::kPutOff).at("dropped"), 1);
  EXPECT_EQ(world->counter("calls/scoring/dropped"), 1);
  EXPECT_EQ(world->counter("exited/on_signup/unscored"), 1);
  world->pass(hours(1));
  EXPECT_TRUE(world->nothing_to_take());
}

TEST_F(WaitingDeliveries, WhatAPauseHoldsBackIsDroppedForGood) {
  begin(world_of(journey("wait 1h send hello wait 1d")));
  say("signup");
  say("signup", "bob");
  world->pass(hours(1));
  world->end(world->take(), OutcomeKind::kRetry);
  world->end(world->take(), OutcomeKind::kRetry);
  world->command(JourneyCommand::What::kPause, "on_signup");
  world->pass(hours(1));
  EXPECT_EQ(dropped(DeliveryState::kPutOff).at("dropped"), 2);
  world->command(JourneyCommand::What::kResume, "on_signup");
  world->pass(hours(2));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("skipped/on_signup/hello/dropped"), 2);
}

TEST_F(WaitingDeliveries, AnOrderIsWorkedOffInPartsAndKnowsNothingOfWhatCameSince) {
  begin(world_of(journey("send promo wait 10d"), kQuiet));
  for (const char* who : {"ada", "bob", "cyd", "dan"}) say("signup", who);
  const Json counted = ask(drop(DeliveryState::kPutOff), false);
  EXPECT_EQ(counted.at("chosen"), 4);
  EXPECT_FALSE(counted.contains("after")) << "all of it was looked at";
  world->pass(minutes(1));
  say("signup", "eve");
  DeliveryOrder order = drop(DeliveryState::kPutOff);
  order.planned_by = base::Instant{counted.at("planned_by").get<std::int64_t>()};
  int parts = 0;
  int sum = 0;
  do {
    const Json done = ask(order, true);
    EXPECT_LE(done.at("dropped").get<int>(), 2);
    sum += done.at("dropped").get<int>();
    order.after.reset();
    if (done.contains("after")) order.after = place_of(done.at("after").get<std::string>());
  } while (order.after && ++parts < 10);
  EXPECT_EQ(sum, 4);
  world->pass(hours(9));
  EXPECT_EQ(next_campaign(), 102) << "eve's";
  EXPECT_TRUE(world->nothing_to_take());
}

TEST_F(WaitingDeliveries, KeysAreFoundAmongThem) {
  begin(world_of(journey("send promo wait 10d"), kQuiet));
  say("signup");
  say("signup", "bob");
  DeliveryQuery query;
  query.user = "ada@example.com";
  query.token = 1;
  const Json listed = Json::parse(world->ask(std::move(query)));
  DeliveryOrder order;
  order.verb = DeliveryOrder::Verb::kDrop;
  order.token = 1;
  order.filter.keys = {
      *base::Hash128::from_hex(listed.at("deliveries").at(0).at("key").get<std::string>()),
      base::stable_hash128("nobody's")};
  const Json counted = ask(order, false);
  EXPECT_EQ(counted.at("chosen"), 1);
  EXPECT_EQ(counted.at("unknown_keys"), Json::array({order.filter.keys[1].hex()}));
  EXPECT_EQ(ask(order, true).at("dropped"), 1);
  EXPECT_EQ(ask(order, false).at("unknown_keys").size(), 2U);
  world->pass(hours(9));
  EXPECT_EQ(next_campaign(), 102) << "bob's";
  EXPECT_TRUE(world->nothing_to_take());
}

TEST(PlaceOfADelivery, ReadsBack) {
  const store::DeliveryKey key{{1023, 77}, base::stable_hash128("k")};
  EXPECT_EQ(place_of(place_word(key)), key);
}

}  // namespace
}  // namespace sojourn::runtime
