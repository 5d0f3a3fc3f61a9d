// `pace` through the real store: one queue for all users of a journey, which a restart
// neither loses nor doubles.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::hours;
using ::testing::Contains;

std::string world(std::string_view clauses) {
  return fmt::format(R"(
    event signup
    event leave
    event done
    policy {{ timezone "UTC" }}
    journey j {{
      enter on signup
      exit on leave
      {}
      track done
      wait 10d
    }}
    journey other {{ enter on signup pace 1 per 30d wait 1d }}
  )",
                     clauses);
}

void track(ShardWorld& shard, std::string_view event, int user) {
  EXPECT_EQ(
      shard.track(fmt::format(R"({{"email":"u{}@example.com","eventName":"{}"}})", user, event)),
      "200 Success");
}

TEST(PaceRuntime, SoManyEnterAndTheRestInOrderAcrossRestarts) {
  ShardWorld shard(world("pace 2 per 1h"));
  for (int user = 0; user < 5; ++user) {
    track(shard, "signup", user);
    shard.restart();
  }
  EXPECT_EQ(shard.counter("entered/j"), 5) << "who waits is inside";
  EXPECT_EQ(shard.counter("events/done"), 2);
  EXPECT_THAT(shard.log("u2@example.com"),
              Contains("entered j signup queued until 2026-03-01T10:00:00Z"));
  shard.pass(base::Millis{hours(1).count - 1});
  EXPECT_EQ(shard.counter("events/done"), 2);
  shard.pass(base::Millis{1});
  EXPECT_EQ(shard.counter("events/done"), 4);
  shard.restart();
  shard.pass(hours(1));
  EXPECT_EQ(shard.counter("events/done"), 5);
}

TEST(PaceRuntime, ExitsHoldInTheQueue) {
  ShardWorld shard(world("pace 1 per 1h"));
  for (int user = 0; user < 3; ++user) track(shard, "signup", user);
  track(shard, "leave", 1);
  EXPECT_EQ(shard.counter("exited/j/leave"), 1);
  shard.pass(hours(3));
  EXPECT_EQ(shard.counter("events/done"), 2);
}

TEST(PaceRuntime, WhosePlaceIsTooFarOffIsRefused) {
  ShardWorld shard(world("pace 1 per 1h up to 90m else drop"));
  for (int user = 0; user < 4; ++user) track(shard, "signup", user);
  EXPECT_EQ(shard.counter("entered/j"), 2);
  EXPECT_EQ(shard.counter("refused/j/pace"), 2);
  shard.pass(hours(1));
  track(shard, "signup", 4);
  EXPECT_EQ(shard.counter("entered/j"), 3);
}

TEST(PaceRuntime, AfterDowntimeNoMoreThanWereDueEnter) {
  ShardWorld shard(world("pace 1 per 1h"));
  for (int user = 0; user < 4; ++user) track(shard, "signup", user);
  shard.pass(hours(2));
  EXPECT_EQ(shard.counter("events/done"), 3);
}

}  // namespace
}  // namespace sojourn::runtime
