#include "runtime/last_lived.h"

#include <gtest/gtest.h>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::hours;
using base::Instant;
using base::Millis;

constexpr const char* kJourney = R"(
  event signup
  policy { timezone "UTC" }
  journey j { enter on signup wait 30d }
)";
constexpr const char* kSignup = R"({"email":"ada@example.com","eventName":"signup"})";

TEST(LastLived, ComesBackAsItWasWrittenOrNotAtAll) {
  const Instant lived{1'772'355'600'123};
  const std::string bytes = encode_last_lived(lived);
  EXPECT_EQ(decode_last_lived(bytes).value(), lived);
  EXPECT_EQ(decode_last_lived(encode_last_lived(Instant{-5})).value(), Instant{-5});
  EXPECT_FALSE(decode_last_lived(bytes.substr(0, bytes.size() - 1)));
  EXPECT_FALSE(decode_last_lived(bytes + "x"));
  std::string newer = bytes;
  newer[0] = 9;
  EXPECT_FALSE(decode_last_lived(newer));
}

TEST(LastLived, IsOfEveryCommit) {
  ShardWorld world(kJourney);
  EXPECT_EQ(read_last_lived(world.store()).value(), std::nullopt);
  world.track(kSignup);
  EXPECT_EQ(read_last_lived(world.store()).value(), world.now());
  world.move_clock(Millis{7});
  world.track(kSignup);
  world.open_again();
  EXPECT_EQ(read_last_lived(world.store()).value(), world.now());
}

TEST(LastLived, IsNotedByAShardThatRests) {
  ShardWorld world(kJourney);
  world.track(kSignup);
  const Instant before = world.now();
  world.pass(Millis{LastLived::kRest.count - 1});
  EXPECT_EQ(read_last_lived(world.store()).value(), before);
  EXPECT_EQ(world.last_report().next_note, before + LastLived::kRest);
  world.pass(Millis{1});
  EXPECT_EQ(read_last_lived(world.store()).value(), before + LastLived::kRest);
  EXPECT_EQ(world.last_report().next_note, world.now() + LastLived::kRest);
  const std::uint64_t commits = world.store().sequence();
  world.restart();
  EXPECT_EQ(world.store().sequence(), commits) << "a start alone is no commit";
}

}  // namespace
}  // namespace sojourn::runtime
