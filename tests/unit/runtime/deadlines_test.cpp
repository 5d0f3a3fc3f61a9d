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
    message_type news = 1 transactional opt_out
    campaign hello = 101 email news
    campaign brief = 102 email news
    policy { timezone "UTC" )" +
         policy + R"( }
    journey changes { owner "a@example.com" enter on signup update user { plan: "pro" } }
    journey trial { owner "a@example.com" enter on login send hello }
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
