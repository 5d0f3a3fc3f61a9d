// What is to leave is given up when its deadline has passed, whatever it waits for.
#include <gtest/gtest.h>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::hours;
using base::minutes;
using connectors::OutcomeKind;

constexpr base::Millis kMoment{1};

std::string journeys(const std::string& policy) {
  return R"(
    user { plan string }
    event signup
    event login
    event shopped
    event advertised
    message_type news = 1 transactional opt_out
    message_type ads = 2 marketing opt_in
    campaign hello = 101 email news
    campaign brief = 102 email news
    campaign advert = 103 email ads
    policy { timezone "UTC" )" +
         policy + R"( }
    journey changes { owner "a@example.com" enter on signup update user { plan: "pro" } }
    journey trial { owner "a@example.com" enter on login send hello }
    journey ad { owner "a@example.com" enter on advertised send advert within 11h15m }
    journey shop { owner "a@example.com" enter on shopped send brief within 10m }
  )";
}

std::string event(const std::string& name, const std::string& who = "ada@example.com") {
  return R"({"email":")" + who + R"(","eventName":")" + name + R"("})";
}

// The first attempt fails, and it is looked at again after so long.
void fail_once_and_pass(ShardWorld& world, base::Millis time) {
  world.end(world.take(), OutcomeKind::kRetry);
  world.pass(time);
}

TEST(Deadlines, OfAMessageIsThePolicys) {
  ShardWorld world(journeys("deadline 6h"));
  world.track(event("login"));
  fail_once_and_pass(world, hours(6));
  fail_once_and_pass(world, hours(1));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/trial/hello/late"), 1);
}

TEST(Deadlines, OfAProfileUpdateIsThePolicys) {
  ShardWorld world(journeys("deadline 6h"));
  world.track(event("signup"));
  fail_once_and_pass(world, hours(6));
  fail_once_and_pass(world, hours(1));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("updates/late"), 1);
}

TEST(Deadlines, AreThreeDaysUnlessThePolicySaysOtherwise) {
  ShardWorld world(journeys(""));
  world.track(event("signup"));
  world.track(event("login"));
  const Outgoing update = world.take();
  const Outgoing message = world.take();
  world.end(update, OutcomeKind::kRetry);
  world.end(message, OutcomeKind::kRetry);
  world.pass(hours(72));
  fail_once_and_pass(world, base::Millis{});
  fail_once_and_pass(world, hours(1));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("updates/late"), 1);
  EXPECT_EQ(world.counter("skipped/trial/hello/late"), 1);
}

TEST(Deadlines, HoldWhileTheEndpointRests) {
  ShardWorld world(journeys(""));
  world.track(event("login", "bob@example.com"));
  world.end(world.take(), OutcomeKind::kRetry, false, hours(1));
  world.track(event("shopped"));
  EXPECT_TRUE(world.nothing_to_take());
  world.pass(minutes(10));
  EXPECT_EQ(world.counter("skipped/shop/brief/late"), 0);
  world.pass(kMoment);
  EXPECT_EQ(world.counter("skipped/shop/brief/late"), 1) << "not when the hour is over";
  EXPECT_EQ(world.counter("exited/shop/completed"), 1);
  world.pass(hours(2));
  EXPECT_EQ(world.take().attempt, 2u) << "what has time waits";
}

TEST(Deadlines, HoldOfWhatARuleHasPutOffBefore) {
  ShardWorld world(journeys("quiet ads 08:00..20:00 defer up to 1d else drop"));
  world.update(R"({"email":"ada@example.com","dataFields":{"subscribedMessageTypeIds":[2]}})");
  world.track(event("advertised"));
  world.pass(minutes(10 * 60 + 30));
  world.track(event("login", "bob@example.com"));
  world.end(world.take(), OutcomeKind::kRetry, false, hours(1));
  // Until 20:15; from 20:00 on it is the endpoint that keeps it back, until 20:30.
  world.pass(minutes(45));
  EXPECT_EQ(world.counter("skipped/ad/advert/late"), 0);
  world.pass(kMoment);
  EXPECT_EQ(world.counter("skipped/ad/advert/late"), 1) << "not when the endpoint may be asked";
  EXPECT_EQ(world.counter("exited/ad/completed"), 1);
}

TEST(Deadlines, HoldWhileAnOperatorIsNeeded) {
  ShardWorld world(journeys(""));
  world.track(event("shopped"));
  for (int minute = 0; minute <= 10; ++minute) {
    if (!world.nothing_to_take()) world.end(world.take(), OutcomeKind::kHalt);
    world.pass(minutes(1));
  }
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/shop/brief/late"), 1);
}

}  // namespace
}  // namespace sojourn::runtime
