// What an outage leaves behind, through the real store: timers that are overdue are taken in
// due order, at the rate, with a turn's share each; and senders are answered meanwhile.
#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using base::Instant;
using base::Millis;
using base::seconds;

constexpr std::string_view kJourneys = R"(
  event signup
  event done
  event other
  policy { timezone "UTC" }
  journey j { enter on signup wait 1h track done }
  journey k { enter on other wait 1h }
)";

ShardSettings rated(std::uint32_t per_second) {
  ShardSettings settings;
  settings.overdue_per_second = per_second;
  return settings;
}

// `count` people who enter a thousand at a time, a second apart.
void enter_many(ShardWorld& world, int count) {
  for (int first = 0; first < count; first += 1'000) {
    std::string events;
    for (int i = first; i < std::min(count, first + 1'000); ++i) {
      events += fmt::format(R"({}{{"email":"u{}@example.com","eventName":"signup"}})",
                            events.empty() ? "" : ",", i);
    }
    world.track_bulk(R"({"events":[)" + events + "]}");
    world.pass(seconds(1));
  }
}

TEST(Overdue, IsDrainedInDueOrderAtTheRateWhileSendersAreAnswered) {
  constexpr std::size_t kPeople = 20'000;
  constexpr std::size_t kShare = 250;
  ShardWorld world(std::string(kJourneys), rated(2'000));
  enter_many(world, kPeople);
  world.move_clock(days24(3));
  world.open_again();
  // The store gives them in due order; what is left is to be the end of that, after every turn.
  const auto all = world.store().due_timers(world.now(), kPeople).value();
  ASSERT_EQ(all.size(), kPeople);

  std::size_t left = kPeople;
  const Instant start = world.now();
  int turns = 0;
  int answered = 0;
  while (left > 0) {
    ASSERT_LT(++turns, 2'000);
    if (turns % 7 == 0) {
      EXPECT_EQ(world.track_in_one_turn(
                    fmt::format(R"({{"email":"late{}@example.com","eventName":"other"}})", turns)),
                "200")
          << "an event is answered by the next turn";
      ++answered;
    } else {
      world.run_turns(1);
    }
    const std::size_t now_left = world.store().count_timers(start - seconds(60), kPeople).value();
    ASSERT_LE(left - now_left, kShare) << "in turn " << turns;
    left = now_left;
    if (left == 0) break;
    ASSERT_EQ(world.store().next_timer().value(), all[kPeople - left].due) << "in turn " << turns;
    EXPECT_EQ(world.overdue().late_by, world.now() - all[kPeople - left].due);
    // Waits as a shard's thread does.
    if (!world.last_report().busy) {
      ASSERT_GT(world.last_report().next_wake, world.now()) << "the gate is shut";
      world.move_clock(world.last_report().next_wake - world.now());
    }
  }
  EXPECT_EQ(world.counter("events/done"), kPeople) << "each once";
  EXPECT_EQ(world.counter("exited/j/completed"), kPeople);
  EXPECT_EQ(world.counter("entered/k"), answered);
  EXPECT_GT(answered, 3);
  // A second's worth at once, and the rest at 2,000 a second.
  EXPECT_GE((world.now() - start).count, 9'000 - 100);
  EXPECT_LE((world.now() - start).count, 9'000 + 500);
  world.pass(seconds(1));
  EXPECT_EQ(world.counter("events/done"), kPeople);
}

TEST(Overdue, SaysHowManyWait) {
  ShardWorld world(std::string(kJourneys), rated(10));
  enter_many(world, 100);
  world.move_clock(hours(5));
  world.run_turns(1);
  EXPECT_EQ(world.overdue().waiting, 90U);
  EXPECT_EQ(world.overdue().late_by, Millis{hours(4).count + 1'000});
  world.move_clock(seconds(1));
  world.run_turns(1);
  EXPECT_EQ(world.overdue().waiting, 80U);
  world.move_clock(days24(1));
  for (int i = 0; i < 20; ++i) {
    world.run_turns(1);
    world.move_clock(seconds(1));
  }
  EXPECT_EQ(world.overdue().waiting, 0U);
  EXPECT_EQ(world.overdue().late_by, Millis{0});
}

TEST(Overdue, TheyAreCountedOnlySoFar) {
  ShardSettings settings = rated(10);
  settings.overdue_counted = 50;
  ShardWorld world(std::string(kJourneys), settings);
  enter_many(world, 100);
  world.move_clock(hours(5));
  world.run_turns(1);
  EXPECT_EQ(world.overdue().waiting, 50U);
  EXPECT_TRUE(world.overdue().may_be_more);
  world.move_clock(seconds(1));
  world.run_turns(1);
  EXPECT_EQ(world.overdue().waiting, 50U) << "80 wait";
  for (int i = 0; i < 4; ++i) {
    world.move_clock(seconds(1));
    world.run_turns(1);
  }
  EXPECT_EQ(world.overdue().waiting, 50U) << "40 wait, and they are counted once a minute";
  world.move_clock(seconds(60));
  world.run_turns(1);
  EXPECT_LT(world.overdue().waiting, 50U);
  EXPECT_FALSE(world.overdue().may_be_more);
  world.move_clock(seconds(60));
  while (world.overdue().waiting > 0) {
    world.run_turns(1);
    world.move_clock(seconds(1));
  }
  EXPECT_EQ(world.counter("events/done"), 100);
}

TEST(Overdue, WhatIsBarelyLatePassesFreely) {
  ShardWorld world(std::string(kJourneys), rated(10));
  enter_many(world, 900);
  world.pass(hours(1));
  EXPECT_EQ(world.counter("events/done"), 900);
}

TEST(Overdue, WhatFallsDueNowWaitsBehindWhatIsOverdue) {
  ShardWorld world(std::string(kJourneys), rated(10));
  enter_many(world, 50);
  world.move_clock(hours(2));
  // Due now, to the milli, and later than all of them.
  world.track(R"({"email":"new@example.com","eventName":"other"})");
  world.move_clock(hours(1));
  for (int i = 0; i < 3; ++i) {
    world.run_turns(1);
    world.move_clock(seconds(1));
  }
  EXPECT_EQ(world.counter("exited/k/completed"), 0);
  for (int i = 0; i < 10; ++i) {
    world.run_turns(1);
    world.move_clock(seconds(1));
  }
  EXPECT_EQ(world.counter("exited/k/completed"), 1);
  EXPECT_EQ(world.counter("exited/j/completed"), 50);
}

}  // namespace
}  // namespace sojourn::runtime
