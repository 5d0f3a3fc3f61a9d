// What a shard says of how full and how late it is.
#include "runtime/shard_gauges.h"

#include <gtest/gtest.h>

#include "runtime/shard.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

constexpr const char* kWelcome = R"(
  event signup
  message_type news = 1 transactional opt_out
  campaign letter = 101 email news
  policy { timezone "UTC" }
  journey welcome {
    owner "a@example.com"
    enter on signup
    wait 1d
    send letter
  }
)";

constexpr const char* kSlowly = R"(
  event signup
  policy { timezone "UTC" }
  journey slowly {
    owner "a@example.com"
    enter on signup
    pace 1 per 1h
    wait 1d
  }
)";

std::string signup(int number) {
  return R"({"email":"p)" + std::to_string(number) +
         R"(@example.com","eventName":"signup","id":"s)" + std::to_string(number) + R"("})";
}

TEST(ShardGauges, SayHowLateTimersWereTaken) {
  ShardWorld world(kWelcome);
  world.track(signup(1));
  EXPECT_EQ(world.gauges().lateness.total(), 0U);
  world.pass(base::Millis{base::days24(1).count + base::seconds(5).count});
  const Histogram lateness = world.gauges().lateness;
  EXPECT_GE(lateness.total(), 1U);
  EXPECT_EQ(lateness.longest(), base::seconds(5));
}

TEST(ShardGauges, SayHowLongSomethingHasBeenDue) {
  ShardSettings settings;
  settings.turn.max_timers = 1;
  ShardWorld world(kWelcome, settings);
  for (int i = 0; i < 3; ++i) world.track(signup(i));
  world.move_clock(base::Millis{base::days24(1).count + base::seconds(7).count});
  world.run_turns(1);
  EXPECT_EQ(world.gauges().overdue.late_by, base::seconds(7)) << "one of several was taken";
  world.pass(base::Millis{0});
  EXPECT_EQ(world.gauges().overdue.late_by, base::Millis{0});
}

TEST(ShardGauges, SayHowLongThePaceLetsThemWait) {
  ShardWorld world(kSlowly);
  for (int i = 0; i < 4; ++i) world.track(signup(i));
  const ShardGauges gauges = world.gauges();
  ASSERT_EQ(gauges.paces.size(), 1U);
  EXPECT_EQ(gauges.paces[0].journey, "slowly");
  EXPECT_EQ(gauges.paces[0].wait, base::hours(3));
}

TEST(ShardGauges, HaveALaneForEveryEndpoint) {
  ShardWorld world(kWelcome);
  const ShardGauges gauges = world.gauges();
  ASSERT_EQ(gauges.endpoints.size(), kEndpointCount);
  for (const LaneReport& lane : gauges.endpoints) EXPECT_EQ(lane.limit, 256U) << lane.name;
  EXPECT_EQ(gauges.fan_out_users.limit, 1'000'000U);
  EXPECT_EQ(gauges.dead_letters.limit, 10'000U);
}

}  // namespace
}  // namespace sojourn::runtime
