// What an endpoint that fails, or wants fewer requests, costs: attempts, and the time of others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "runtime/shard.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using connectors::Health;
using connectors::OutcomeKind;
using ::testing::Contains;
using ::testing::Field;

constexpr const char* kWelcome = R"(
  event signup
  event nudged
  message_type news = 1 transactional opt_out
  campaign letter = 101 email news
  campaign nudge  = 102 push news
  policy { timezone "UTC" }
  journey welcome {
    owner "a@example.com"
    enter on signup
    send letter
  }
  journey nudges {
    owner "a@example.com"
    enter on nudged
    reenter always
    send nudge
  }
)";

// Events of `count` people from the number `first` on.
std::string bulk(const std::string& event, int first, int count) {
  auto events = nlohmann::json::array();
  for (int i = first; i < first + count; ++i) {
    events.push_back({{"email", "p" + std::to_string(i) + "@example.com"},
                      {"eventName", event},
                      {"id", event + std::to_string(i)}});
  }
  return nlohmann::json{{"events", events}}.dump();
}

LaneReport lane(ShardWorld& world, std::string_view name) {
  for (const LaneReport& report : world.lanes()) {
    if (report.name == name) return report;
  }
  ADD_FAILURE() << "no such lane: " << name;
  return {};
}

// Goes from wake to wake until `until`; all that leaves ends so. How many attempts that were.
std::size_t run_until(ShardWorld& world, base::Instant until, OutcomeKind kind, Health health) {
  std::size_t attempts = 0;
  while (true) {
    while (const std::size_t ended = world.end_all(kind, health)) attempts += ended;
    const base::Instant next = std::min(world.last_report().next_wake, until);
    if (next >= until) break;
    world.pass(std::max(next - world.now(), base::Millis{1}));
  }
  if (world.now() < until) world.pass(until - world.now());
  return attempts;
}

// An hour and a hundred thousand messages: lane_test.cpp.
TEST(Outages, TenMinutesOfErrorsCostFewAttempts) {
  constexpr int kPeople = 2'000;
  constexpr int kSteps = 20;
  ShardWorld world(kWelcome);
  const base::Instant start = world.now();
  const base::Millis step{base::minutes(10).count / kSteps};
  std::size_t attempts = 0;
  for (int i = 0; i < kSteps; ++i) {
    world.track_bulk(bulk("signup", i * kPeople / kSteps, kPeople / kSteps));
    attempts += run_until(world, start + base::Millis{step.count * (i + 1)}, OutcomeKind::kRetry,
                          Health::kFailing);
  }
  ASSERT_EQ(world.counter("planned/welcome/letter"), kPeople);
  ASSERT_EQ(world.counter("accepted/welcome/letter"), 0);
  EXPECT_EQ(lane(world, "email").breaker, Breaker::State::kResting);
  const std::size_t wasted = attempts;

  attempts +=
      run_until(world, world.now() + base::minutes(20), OutcomeKind::kAccepted, Health::kWell);
  EXPECT_EQ(world.counter("accepted/welcome/letter"), kPeople) << "nothing is lost";
  EXPECT_EQ(lane(world, "email").breaker, Breaker::State::kClosed);
  EXPECT_EQ(attempts, wasted + kPeople);
  EXPECT_LE(static_cast<double>(attempts), 1.1 * kPeople);
  EXPECT_LE(wasted, 150U) << "what was under way when it broke, and the probes";
}

// A key that was taken back: Iterable answers at once, and takes nothing.
TEST(Outages, AnHourWithoutAKeyCostsFewAttempts) {
  ShardSettings settings;
  settings.max_in_doubt = 16;
  ShardWorld world(kWelcome, settings);
  world.track_bulk(bulk("signup", 0, 1'000));
  const std::size_t attempts =
      run_until(world, world.now() + base::hours(1), OutcomeKind::kHalt, Health::kWell);
  EXPECT_LE(attempts, 100U) << "a tenth of what waits";
  const std::size_t sent =
      run_until(world, world.now() + base::hours(1), OutcomeKind::kAccepted, Health::kWell);
  EXPECT_EQ(sent, 1'000U);
}

TEST(Outages, NoAnswerKeepsAnEndpointAwayForDays) {
  ShardWorld world(kWelcome);
  world.track(R"({"email":"ada@example.com","eventName":"signup","id":"s"})");
  world.end(world.take(), OutcomeKind::kRetry, false, base::days24(9));
  world.pass(base::minutes(61));
  EXPECT_EQ(world.take().attempt, 2U);
}

TEST(Outages, WhatWaitsForAnEndpointThatRestsHasSpentNoAttempt) {
  ShardWorld world(kWelcome);
  world.track_bulk(bulk("signup", 0, 10));
  world.end_all(OutcomeKind::kRetry, Health::kFailing);
  ASSERT_EQ(lane(world, "email").breaker, Breaker::State::kResting);
  world.track(R"({"email":"late@example.com","eventName":"signup","id":"late"})");
  EXPECT_TRUE(world.nothing_to_take());
  run_until(world, world.now() + base::hours(1), OutcomeKind::kAccepted, Health::kWell);
  EXPECT_THAT(world.log("late@example.com"), testing::Not(Contains(testing::HasSubstr("retried"))));
  EXPECT_EQ(world.counter("accepted/welcome/letter"), 11);
}

TEST(Outages, OthersAreNotHeldUp) {
  ShardWorld world(kWelcome);
  world.track_bulk(bulk("signup", 0, 5'000));
  world.end_all(OutcomeKind::kRetry, Health::kFailing);
  for (int minute = 0; minute < 20; ++minute) {
    world.pass(base::minutes(1));
    world.end_all(OutcomeKind::kRetry, Health::kFailing);
    world.track(R"({"email":"ada@example.com","eventName":"nudged","id":"t)" +
                std::to_string(minute) + R"("})");
    const Outgoing nudge = world.take();
    ASSERT_EQ(nudge.endpoint, Endpoint::kPush) << "in the same turn as its event";
    world.accept(nudge);
  }
  EXPECT_EQ(lane(world, "email").breaker, Breaker::State::kResting);
  EXPECT_EQ(lane(world, "push").breaker, Breaker::State::kClosed);
  EXPECT_EQ(world.counter("accepted/nudges/nudge"), 20);
}

TEST(Outages, TheOperatorIsToldWhenItOpensAndWhenItIsWell) {
  ShardWorld world(kWelcome);
  world.track_bulk(bulk("signup", 0, 300));
  world.end_all(OutcomeKind::kRetry, Health::kFailing);
  EXPECT_THAT(world.notes(), Contains(Field(&OperatorNote::event, "endpoint_open")).Times(1));
  run_until(world, world.now() + base::hours(1), OutcomeKind::kAccepted, Health::kWell);
  EXPECT_THAT(world.notes(), Contains(Field(&OperatorNote::event, "endpoint_well")).Times(1));
}

TEST(Outages, ARefusedMessageSaysNothingOfItsEndpoint) {
  ShardWorld world(kWelcome);
  world.track_bulk(bulk("signup", 0, 200));
  world.end_all(OutcomeKind::kRejected, Health::kWell);
  EXPECT_EQ(lane(world, "email").breaker, Breaker::State::kClosed);
}

TEST(Outages, AnEndpointThatWantsFewerRequestsGetsFewer) {
  ShardWorld world(kWelcome);
  world.track_bulk(bulk("signup", 0, 600));
  world.slow_down(world.take());
  ASSERT_EQ(world.end_all(OutcomeKind::kAccepted, Health::kWell), 255U);
  const LaneReport slowed = lane(world, "email");
  EXPECT_TRUE(slowed.is_slowed);
  EXPECT_EQ(slowed.believed_per_second, 128) << "half of what left in that second";
  const std::size_t before = run_until(world, world.now(), OutcomeKind::kAccepted, Health::kWell);
  const std::size_t sent =
      run_until(world, world.now() + base::seconds(2), OutcomeKind::kAccepted, Health::kWell);
  EXPECT_LE(before, 13U) << "the burst";
  EXPECT_NEAR(static_cast<double>(sent), 2 * 128, 20) << "neither more nor less than is believed";
  run_until(world, world.now() + base::hours(1), OutcomeKind::kAccepted, Health::kWell);
  EXPECT_FALSE(lane(world, "email").is_slowed);
  EXPECT_EQ(world.counter("accepted/welcome/letter"), 600);
}

TEST(Outages, ABudgetIsKeptTo) {
  ShardSettings settings;
  settings.budgets.per_second[static_cast<std::size_t>(Endpoint::kEmail)] = 10;
  settings.budgets.share = 0.5;
  ShardWorld world(kWelcome, settings);
  world.track_bulk(bulk("signup", 0, 300));
  const std::size_t sent =
      run_until(world, world.now() + base::seconds(30), OutcomeKind::kAccepted, Health::kWell);
  EXPECT_NEAR(static_cast<double>(sent), 150, 3);
  while (world.end_all(OutcomeKind::kAccepted, Health::kWell) > 0) {
  }
  world.track(R"({"email":"ada@example.com","eventName":"nudged","id":"t"})");
  EXPECT_EQ(world.take().endpoint, Endpoint::kPush) << "others are not held up";
}

}  // namespace
}  // namespace sojourn::runtime
