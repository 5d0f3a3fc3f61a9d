// A shard whose store was restored and is held: nobody moves by time alone, nothing leaves, and
// what senders tell is worked on; until an operator lets it go on.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using ::testing::Contains;
using ::testing::Not;
using What = JourneyCommand::What;

constexpr const char* kAda = "ada@example.com";
constexpr const char* kSignup = R"({"email":"ada@example.com","eventName":"signup"})";
constexpr const char* kWorld = R"(
  user { endsAt timestamp? }
  event signup
  event login
  message_type account = 1 transactional opt_out
  campaign first  = 101 email account
  campaign second = 102 email account
  policy { timezone "UTC" }
  journey j {
    enter on signup
    send first
    wait 1d
    send second
    wait 1d
  }
)";
constexpr const char* kADate = "\njourney dated { enter when now >= user.endsAt wait 1d }\n";

// Ada's timer came due while her journey was paused; it has been resumed, and the process ended
// before anything was let go.
void hold_back(ShardWorld& world) {
  ASSERT_EQ(world.track(kSignup), "200 Success");
  world.accept(world.take());
  world.command(What::kPause, "j");
  world.pass(days24(1));
  ASSERT_EQ(world.counter("held_back/j"), 1);
  world.stop_after(1);
  world.command(What::kResume, "j");
  ASSERT_EQ(world.counter("held_back/j"), 1);
}

TEST(HeldShard, TheQueueOfAJourneyThatWasResumedStays) {
  ShardWorld world(kWorld);
  hold_back(world);
  world.open_again_held();
  const auto before = world.log(kAda);
  world.pass(days24(3));
  EXPECT_EQ(world.log(kAda), before);
  EXPECT_EQ(world.counter("held_back/j"), 1);
  EXPECT_EQ(world.last_report().next_wake, base::kNever) << "it does not wake in vain";
  world.let_timers_run();
  EXPECT_EQ(world.counter("held_back/j"), 0);
  EXPECT_TRUE(world.nothing_to_take()) << "it moves, and its message waits";
  world.release();
  EXPECT_EQ(world.take().key.user.number, 1U);
}

// Neither by the turns that take up what was claimed, before the first that anybody asks for.
TEST(HeldShard, NoExperimentIsDecided) {
  ShardWorld world(R"(
    event signup
    event purchase
    event asked
    message_type account = 1 transactional opt_out
    campaign first  = 101 email account
    policy { timezone "UTC" }
    journey answers { enter on asked send first }
    journey j {
      enter on signup
      goal bought on purchase within 30d
      split s {
        measure bought within 1d
        decide after 40 per arm at 95%
        50% a {}
        50% b {}
      }
      wait 2h
    }
  )");
  for (int user = 0; user < 120; ++user) {
    const std::string email = fmt::format("u{}@example.com", user);
    const auto track = [&](const char* event) {
      const std::string body = fmt::format(R"({{"email":"{}","eventName":"{}"}})", email, event);
      ASSERT_EQ(world.track(body), "200 Success");
    };
    track("signup");
    const auto log = world.log(email);
    const bool is_in_b =
        std::ranges::any_of(log, [](const auto& line) { return line.ends_with("split s b"); });
    if (is_in_b) track("purchase");
  }
  ASSERT_EQ(world.track(R"({"email":"ada@example.com","eventName":"asked"})"), "200 Success");
  ASSERT_FALSE(world.nothing_to_take());
  world.move_clock(hours(25));
  world.open_again_held();
  EXPECT_EQ(world.counter("decided/j/s/b"), 0);
  world.pass(hours(1));
  EXPECT_EQ(world.counter("decided/j/s/b"), 0);
  EXPECT_EQ(world.last_report().next_wake, base::kNever);
  world.let_timers_run();
  EXPECT_EQ(world.counter("decided/j/s/b"), 1);
}

TEST(HeldShard, NobodyIsLookedAtForARuleThatIsNew) {
  ShardWorld world(kWorld);
  ASSERT_EQ(
      world.update(R"({"email":"ada@example.com","dataFields":{"endsAt":"2026-03-01T11:00:00Z"}})"),
      "200 Success");
  world.open_again_held();
  world.restart_with(std::string(kWorld) + kADate);
  world.pass(hours(1));
  EXPECT_TRUE(world.gauges().census_is_on) << "it has not begun";
  EXPECT_EQ(world.counter("entered/dated"), 0);
  world.let_timers_run();
  EXPECT_FALSE(world.gauges().census_is_on);
  world.pass(hours(1));
  EXPECT_EQ(world.counter("entered/dated"), 1);
}

TEST(HeldShard, WhatSendersTellIsWorkedOn) {
  ShardWorld world(kWorld);
  world.open_again_held();
  EXPECT_EQ(world.track(kSignup), "200 Success");
  EXPECT_EQ(world.counter("entered/j"), 1);
  EXPECT_TRUE(world.nothing_to_take());
  world.release();
  EXPECT_EQ(world.take().key.user.number, 1U);
}

// What was claimed would be in doubt at the next start.
TEST(HeldShard, AReleaseDuringTheStopLetsNothingLeaveAnyMore) {
  ShardWorld world(kWorld);
  world.open_again_held();
  ASSERT_EQ(world.track(kSignup), "200 Success");
  world.stop_claiming();
  world.let_timers_run();
  EXPECT_TRUE(world.nothing_to_take());
  world.release();
  EXPECT_TRUE(world.nothing_to_take());
  world.restart();
  EXPECT_EQ(world.take().key.user.number, 1U) << "it was released all the same";
}

}  // namespace
}  // namespace sojourn::runtime
