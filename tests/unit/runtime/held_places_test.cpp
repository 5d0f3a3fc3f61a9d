// The places of messages in the queue of a paused journey (runtime/operation_record.h), through the
// real store: a message can have two, leaves once all the same, and leaves nothing behind.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::minutes;
using base::seconds;
using connectors::OutcomeKind;
using ::testing::HasSubstr;
using Json = nlohmann::json;
using Verb = DeliveryOrder::Verb;
using What = JourneyCommand::What;

constexpr const char* kWorld = R"(
  event signup
  message_type news = 41 marketing opt_out
  campaign welcome = 101 email news
  policy { timezone "UTC" }
  journey greet { enter on signup  send welcome  wait 30d }
)";

class HeldPlaces : public testing::Test {
 protected:
  explicit HeldPlaces(std::uint32_t per_second = 200) {
    settings.turn.look_up_after = minutes(2);
    settings.turn.absent_after = minutes(5);
    settings.turn.has_notices = true;
    settings.turn.release_per_second = per_second;
    world.emplace(kWorld, settings);
  }

  // Ada's message was tried once, and its next attempt is held back.
  void hold_back() {
    EXPECT_EQ(world->track(R"({"email":"ada@example.com","eventName":"signup"})"), "200 Success");
    const Outgoing first = world->take();
    key = first.key;
    world->end(first, OutcomeKind::kRetry);
    world->command(What::kPause, "greet");
    world->pass(minutes(10));
    EXPECT_EQ(held(), 1);
  }

  // Iterable tells that it will not send it: it is listed as refused.
  void told_not_sent() {
    world->notice(fmt::format(
        R"({{"email":"ada@example.com","eventName":"emailSendSkip","dataFields":{{"campaignId":101,)"
        R"("createdAt":"2026-03-01 09:00:00 +00:00","reason":"EmptyContent",)"
        R"("sojournMessageKey":"{}"}}}})",
        key.message.hex()));
    EXPECT_EQ(world->counter("dead_letters_kept"), 1);
  }

  Json order(Verb verb) {
    DeliveryOrder order;
    order.verb = verb;
    order.filter.keys = {key.message};
    order.by = "ada";
    order.go = true;
    order.token = 1;
    return Json::parse(world->ask(order));
  }

  void hold_back_twice() {
    hold_back();
    told_not_sent();
    EXPECT_EQ(order(Verb::kRetry)["planned"], 1);
    EXPECT_THAT(world->report("ada@example.com"), HasSubstr(R"("state":"held back")"));
    EXPECT_EQ(held(), 2) << "each place is counted until its turn";
  }

  void resume() {
    EXPECT_THAT(world->command(What::kResume, "greet"), HasSubstr(R"("done":true)"));
  }

  void expect_sent_once() {
    const Outgoing again = world->take();
    EXPECT_EQ(again.key, key);
    EXPECT_EQ(again.attempt, 2U);
    EXPECT_TRUE(world->nothing_to_take());
    world->accept(again);
    world->pass(minutes(10));
    EXPECT_TRUE(world->nothing_to_take());
    EXPECT_EQ(world->counter("accepted/greet/welcome"), 1);
    EXPECT_EQ(held(), 0);
  }

  std::int64_t held() { return world->counter("held_back/greet"); }

  ShardSettings settings;
  std::optional<ShardWorld> world;
  store::DeliveryKey key;
};

TEST_F(HeldPlaces, AMessageWithTwoLeavesOnce) {
  hold_back_twice();
  resume();
  world->pass(seconds(1));
  expect_sent_once();
}

TEST_F(HeldPlaces, SoItDoesInAStoreThatHasTwoAlready) {
  hold_back_twice();
  world->restart();
  resume();
  world->restart();
  world->pass(seconds(1));
  expect_sent_once();
}

TEST_F(HeldPlaces, PastItsDeadlineItEndsOnce) {
  hold_back_twice();
  world->pass(days24(12));
  resume();
  world->pass(seconds(1));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("skipped/greet/welcome/late"), 1);
  EXPECT_EQ(world->counter("dead_letters_kept"), 1);
  EXPECT_EQ(held(), 0);
  world->restart();
  EXPECT_EQ(world->counter("skipped/greet/welcome/late"), 1);
}

TEST_F(HeldPlaces, AStopEndsItOnce) {
  hold_back_twice();
  resume();
  // One turn lets go of both places and sends her out.
  world->stop_after(0);
  world->command(What::kStop, "greet");
  world->move_clock(seconds(1));
  world->go_on();
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("skipped/greet/welcome/exited"), 1);
  world->pass(seconds(1));
  EXPECT_EQ(world->counter("skipped/greet/welcome/exited"), 1);
  EXPECT_EQ(held(), 0);
}

TEST_F(HeldPlaces, OneThatWasDroppedLeavesNothingBehind) {
  hold_back_twice();
  EXPECT_EQ(order(Verb::kDrop)["dropped"], 1);
  EXPECT_EQ(world->counter("skipped/greet/welcome/dropped"), 1);
  resume();
  world->pass(seconds(1));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(held(), 0);
}

TEST_F(HeldPlaces, OneThatEndedLeavesNothingBehind) {
  hold_back();
  told_not_sent();
  resume();
  world->pass(seconds(1));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(held(), 0);
  EXPECT_EQ(order(Verb::kRetry)["planned"], 1);
  expect_sent_once();
}

TEST_F(HeldPlaces, OfAnotherPersonItLeavesOnce) {
  hold_back_twice();
  world->update(R"({"email":"bob@example.com","dataFields":{}})");
  world->post(IntakeRequest::Endpoint::kUsersMerge,
              R"({"sourceEmail":"ada@example.com","destinationEmail":"bob@example.com"})");
  EXPECT_EQ(held(), 3) << "the destination has a place of its own";
  resume();
  world->pass(seconds(1));
  const Outgoing again = world->take();
  EXPECT_EQ(again.key.message, key.message);
  EXPECT_TRUE(world->nothing_to_take());
  world->accept(again);
  world->pass(minutes(10));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(held(), 0);
}

TEST_F(HeldPlaces, OfAPersonWhoIsErasedNothingLeaves) {
  hold_back_twice();
  world->erase("/api/users/ada@example.com");
  resume();
  world->pass(seconds(1));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(held(), 0);
}

class HeldPlacesInTurns : public HeldPlaces {
 protected:
  HeldPlacesInTurns() : HeldPlaces(1) {}
};

TEST_F(HeldPlacesInTurns, TheSecondIsVoidOnceItHasLeftByTheFirst) {
  hold_back_twice();
  resume();
  world->pass(seconds(1));
  EXPECT_EQ(held(), 1);
  const Outgoing again = world->take();
  world->end(again, OutcomeKind::kRetry, false, minutes(1));
  world->pass(seconds(1));
  EXPECT_EQ(held(), 0);
  world->command(What::kPause, "greet");
  world->pass(minutes(10));
  EXPECT_EQ(held(), 1) << "it is held back again, at a place of its own";
  resume();
  world->pass(seconds(1));
  const Outgoing third = world->take();
  EXPECT_EQ(third.attempt, 3U);
  EXPECT_TRUE(world->nothing_to_take());
  world->accept(third);
  EXPECT_EQ(world->counter("accepted/greet/welcome"), 1);
}

}  // namespace
}  // namespace sojourn::runtime
