// Changes of one person's profile, lists and subscriptions reach Iterable one after another
// (runtime/changes_under_way.h), so that what holds here is what remains there; through the real
// store.
#include "runtime/changes_under_way.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::minutes;
using base::seconds;
using connectors::OutcomeKind;
using Intake = IntakeRequest::Endpoint;

constexpr const char* kWorld = R"(
  event signup
  event cancelled
  user { plan string? }
  message_type news = 41 marketing opt_out
  list vips = 21
  policy { timezone "UTC" }
)";

constexpr const char* kPlans = R"(
  journey a { enter on signup  reenter always  update user { plan: "pro" } }
  journey b { enter on cancelled  reenter always  update user { plan: "none" } }
)";

constexpr const char* kConsent = R"(
  journey a { enter on signup  reenter always  subscribe to news }
  journey b { enter on cancelled  reenter always  unsubscribe from news }
)";

constexpr const char* kLists = R"(
  journey a { enter on signup  reenter always  add to list vips }
  journey b { enter on cancelled  reenter always  remove from list vips }
)";

constexpr const char* kSubscribe = "PATCH /api/subscriptions/messageType/41/user/ada@example.com";
constexpr const char* kUnsubscribe =
    "DELETE /api/subscriptions/messageType/41/user/ada@example.com";

std::string call_of(const Outgoing& outgoing) {
  return outgoing.request.method + " " + outgoing.request.path;
}

std::string plan_of(const Outgoing& outgoing) {
  if (outgoing.request.body.empty()) return "";
  const auto body = nlohmann::json::parse(outgoing.request.body);
  return body.at("dataFields").at("plan");
}

class ChangesUnderWayTest : public testing::Test {
 protected:
  void begin(const std::string& journeys) { world.emplace(kWorld + journeys); }
  void say(const std::string& event, const std::string& who = "ada") {
    EXPECT_EQ(
        world->track(fmt::format(R"({{"email":"{}@example.com","eventName":"{}"}})", who, event)),
        "200 Success");
  }
  // Ada is known not to want news, so that a yes is something to say.
  void begin_without_consent() {
    begin(kConsent);
    world->update(
        R"({"email":"ada@example.com","dataFields":{"unsubscribedMessageTypeIds":[41]}})");
  }

  std::optional<ShardWorld> world;
};

TEST_F(ChangesUnderWayTest, TheSecondUpdateOfOnePersonLeavesWhenTheFirstHasEnded) {
  begin(kPlans);
  say("signup");
  world->pass(seconds(1));
  say("cancelled");
  const Outgoing first = world->take();
  EXPECT_EQ(plan_of(first), "pro");
  EXPECT_TRUE(world->nothing_to_take());
  world->accept(first);
  const Outgoing second = world->take();
  EXPECT_EQ(plan_of(second), "none") << "at once, not when it is looked at again";
  world->accept(second);
  EXPECT_EQ(world->counter("updates/accepted"), 2);
  world->pass(minutes(30));
  EXPECT_TRUE(world->nothing_to_take());
}

TEST_F(ChangesUnderWayTest, OfManyOneIsUnderWayAndTheLastSaysWhatHolds) {
  begin(kPlans);
  for (const char* event : {"signup", "cancelled", "signup", "cancelled"}) say(event);
  for (const char* plan : {"pro", "none", "none", "none"}) {
    const Outgoing next = world->take();
    EXPECT_EQ(plan_of(next), plan);
    EXPECT_TRUE(world->nothing_to_take());
    world->accept(next);
  }
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("updates/accepted"), 4);
}

TEST_F(ChangesUnderWayTest, ANoWaitsForTheAnswerToTheYesBeforeIt) {
  begin_without_consent();
  say("signup");
  say("cancelled");
  const Outgoing yes = world->take();
  EXPECT_EQ(call_of(yes), kSubscribe);
  EXPECT_TRUE(world->nothing_to_take());
  world->accept(yes);
  const Outgoing no = world->take();
  EXPECT_EQ(call_of(no), kUnsubscribe);
  world->accept(no);
  EXPECT_TRUE(world->nothing_to_take());
}

TEST_F(ChangesUnderWayTest, WhoIsPutOnAListLeavesItAfterThat) {
  begin(kLists);
  say("signup");
  say("cancelled");
  const Outgoing joins = world->take();
  EXPECT_EQ(call_of(joins), "POST /api/lists/subscribe");
  EXPECT_TRUE(world->nothing_to_take());
  world->accept(joins);
  EXPECT_EQ(call_of(world->take()), "POST /api/lists/unsubscribe");
}

TEST_F(ChangesUnderWayTest, OthersAndOtherChangesDoNotWait) {
  begin(R"(
    journey a { enter on signup  update user { plan: "pro" }  unsubscribe from news }
    journey b { enter on cancelled  add to list vips }
  )");
  say("signup");
  say("cancelled");
  say("signup", "bob");
  for (int call = 0; call < 5; ++call) world->take();
  EXPECT_TRUE(world->nothing_to_take());
}

TEST_F(ChangesUnderWayTest, OneThatIsTriedAgainSaysWhatHoldsByThen) {
  begin(kPlans);
  say("signup");
  say("cancelled");
  world->end(world->take(), OutcomeKind::kRetry);
  const Outgoing later = world->take();
  EXPECT_EQ(plan_of(later), "none");
  world->pass(minutes(1));
  EXPECT_TRUE(world->nothing_to_take()) << "the first one waits for the second by now";
  world->accept(later);
  const Outgoing again = world->take();
  EXPECT_EQ(plan_of(again), "none");
  EXPECT_EQ(again.attempt, 2U);
}

TEST_F(ChangesUnderWayTest, AYesInDoubtSaysNoWhenThatHoldsByThen) {
  begin_without_consent();
  say("signup");
  say("cancelled");
  const Outgoing yes = world->take();
  world->end(yes, OutcomeKind::kUnknown);
  const Outgoing no = world->take();
  EXPECT_EQ(call_of(no), kUnsubscribe);
  world->accept(no);
  // The yes may still have come in behind it.
  world->pass(minutes(1));
  const Outgoing again = world->take();
  EXPECT_EQ(again.key, yes.key);
  EXPECT_EQ(call_of(again), kUnsubscribe);
  world->accept(again);
  world->pass(minutes(30));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("subscription_changes/accepted"), 2);
}

TEST_F(ChangesUnderWayTest, AYesThatTheProviderDidNotTakeIsSuperseded) {
  begin_without_consent();
  say("signup");
  say("cancelled");
  world->end(world->take(), OutcomeKind::kRetry);
  world->accept(world->take());
  world->pass(minutes(1));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("subscription_changes/superseded"), 1);
}

TEST_F(ChangesUnderWayTest, WhatWasUnderWayAtTheEndOfAProcessSaysWhatHolds) {
  begin_without_consent();
  say("signup");
  say("cancelled");
  const Outgoing yes = world->take();
  world->restart();
  world->pass(ChangesUnderWay::kPatience);
  for (int call = 0; call < 2; ++call) {
    const Outgoing next = world->take();
    EXPECT_EQ(call_of(next), kUnsubscribe);
    EXPECT_TRUE(world->nothing_to_take());
    world->accept(next);
  }
  EXPECT_TRUE(world->nothing_to_take());
}

TEST_F(ChangesUnderWayTest, WhoTakesLongIsWaitedFor) {
  begin(kPlans);
  say("signup");
  say("cancelled");
  const Outgoing slow = world->take();
  for (int minute = 0; minute < 5; ++minute) {
    world->pass(minutes(1));
    EXPECT_TRUE(world->nothing_to_take());
  }
  world->accept(slow);
  EXPECT_EQ(plan_of(world->take()), "none");
}

TEST_F(ChangesUnderWayTest, AfterAMergeTheDestinationWaitsForWhatTheSourceHasUnderWay) {
  begin(kPlans);
  world->update(R"({"email":"ada@example.com","dataFields":{"plan":"free"}})");
  say("signup", "old");
  const Outgoing theirs = world->take();
  say("cancelled", "old");
  EXPECT_TRUE(world->nothing_to_take());
  world->post(Intake::kUsersMerge,
              R"({"sourceEmail":"old@example.com","destinationEmail":"ada@example.com"})");
  EXPECT_TRUE(world->nothing_to_take());
  world->accept(theirs);
  const Outgoing next = world->take();
  EXPECT_EQ(nlohmann::json::parse(next.request.body).at("email"), "ada@example.com");
  EXPECT_TRUE(world->nothing_to_take());
  world->accept(next);
  EXPECT_EQ(world->counter("updates/accepted"), 2);
}

TEST_F(ChangesUnderWayTest, OneThatIsWokenAsItComesDueIsHeldBackOnce) {
  begin(kPlans);
  say("signup");
  say("cancelled");
  const Outgoing first = world->take();
  world->command(JourneyCommand::What::kPause, "b");
  world->move_clock(ChangesUnderWay::kPatience);
  world->accept(first);
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("held_back/b"), 1);
  world->command(JourneyCommand::What::kResume, "b");
  world->pass(seconds(1));
  EXPECT_EQ(plan_of(world->take()), "none");
  EXPECT_EQ(world->counter("held_back/b"), 0);
}

TEST_F(ChangesUnderWayTest, OneThatIsDroppedMeanwhileIsNotWoken) {
  begin(kPlans);
  say("signup");
  say("cancelled");
  const Outgoing first = world->take();
  DeliveryOrder order;
  order.verb = DeliveryOrder::Verb::kDrop;
  order.by = "ada";
  order.go = true;
  order.token = 1;
  EXPECT_EQ(nlohmann::json::parse(world->ask(order))["dropped"], 1);
  world->accept(first);
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("updates/dropped"), 1);
}

TEST_F(ChangesUnderWayTest, OfWhoeverWasErasedNothingIsWaitedFor) {
  begin(kPlans);
  say("signup");
  const Outgoing first = world->take();
  say("cancelled");
  world->erase("/api/users/ada@example.com");
  world->accept(first);
  EXPECT_TRUE(world->nothing_to_take());
  say("cancelled");
  EXPECT_EQ(plan_of(world->take()), "none");
}

TEST_F(ChangesUnderWayTest, WhatASenderSaysWaitsForTheSameAnswerAndTheOtherWayRound) {
  begin(kPlans);
  say("signup");
  const Outgoing ours = world->take();
  world->post(Intake::kUsersUpdate, R"({"email":"ada@example.com","dataFields":{"plan":"basic"}})",
              ForwardMode::kQueue);
  EXPECT_TRUE(world->nothing_to_take());
  world->accept(ours);
  const Outgoing theirs = world->take();
  EXPECT_EQ(plan_of(theirs), "basic");
  say("cancelled");
  EXPECT_TRUE(world->nothing_to_take());
  world->accept(theirs);
  EXPECT_EQ(plan_of(world->take()), "none");
}

}  // namespace
}  // namespace sojourn::runtime
