#include "runtime/user_cache.h"

#include <gtest/gtest.h>

#include "runtime/program.h"
#include "runtime/user_state.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

constexpr const char* kJourneys = R"(
  user { plan string  stage string }
  event signup { plan string }
  event login
  event nudged
  message_type news = 1 transactional opt_out
  campaign m1 = 101 email news { delivery at_least_once }
  campaign m2 = 102 email news { delivery at_most_once }
  policy { timezone "UTC" }
  journey welcome {
    owner "a@example.com"
    enter on signup
    exit when user.plan == "gone" as left
    send m1
    wait for login up to 2d { update user { stage: "in" } } timeout { track nudged }
    wait 1d at 09:00
    send m2
  }
  journey nudges {
    owner "a@example.com"
    enter on nudged
    one per entry.createdAt
    send m1
    wait 1h
  }
)";

std::string person(int number) {
  return "p" + std::to_string(number) + "@example.com";
}

// Everything that can be asked of a world after the same random script.
class Script {
 public:
  Script(std::uint64_t seed, std::size_t cache_bytes)
      : random_(seed), world_(kJourneys, settings(cache_bytes)) {}

  std::string run() {
    for (int step = 0; step < kSteps; ++step) act();
    std::string out;
    for (int number = 0; number < kPeople; ++number) out += world_.report(person(number)) + "\n";
    return out + seen_;
  }

 private:
  static constexpr int kSteps = 120;
  static constexpr int kPeople = 4;

  static ShardSettings settings(std::size_t cache_bytes) {
    ShardSettings settings;
    settings.user_cache_bytes = cache_bytes;
    return settings;
  }

  void act() {
    const std::string who =
        R"({"email":")" + person(static_cast<int>(random_.next() % kPeople)) + R"(",)";
    switch (random_.next() % 8) {
      case 0:
      case 1:
        return note(world_.track(who + R"("eventName":"signup","dataFields":{"plan":"pro"}})"));
      case 2:
        return note(world_.track(who + R"("eventName":"login"})"));
      case 3:
        return note(world_.update(who + R"("dataFields":{"plan":")" +
                                  (random_.next() % 6 == 0 ? "gone" : "pro") + R"("}})"));
      case 4:
        return world_.pass(base::hours(static_cast<std::int64_t>(random_.next() % 30)));
      case 5:
        if (random_.next() % 4 == 0) world_.restart();
        return;
      default:
        return answer();
    }
  }

  void answer() {
    if (world_.nothing_to_take()) return;
    const Outgoing outgoing = world_.take();
    note(outgoing.request.path + outgoing.request.body);
    constexpr std::array kKinds = {
        connectors::OutcomeKind::kAccepted, connectors::OutcomeKind::kAccepted,
        connectors::OutcomeKind::kRetry, connectors::OutcomeKind::kUnknown,
        connectors::OutcomeKind::kRejected};
    world_.end(outgoing, kKinds.at(random_.next() % kKinds.size()));
  }

  void note(const std::string& line) { seen_ += line + "\n"; }

  base::SeededRandom random_;
  ShardWorld world_;
  std::string seen_;
};

constexpr std::size_t kLargeEnough = 1U << 20;
constexpr std::size_t kRoomForOne = 2'000;

TEST(UserCache, ChangesNothingThatAnybodyCanSee) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    const std::string without = Script(seed, 0).run();
    EXPECT_EQ(Script(seed, kLargeEnough).run(), without);
    EXPECT_EQ(Script(seed, kRoomForOne).run(), without);
  }
}

class UserCacheTest : public ::testing::Test {
 protected:
  std::unique_ptr<UserState> user(std::uint64_t number) const {
    return std::make_unique<UserState>(store::UserId{1, number}, program_);
  }
  Program program_{"test", {}, {}};
};

TEST_F(UserCacheTest, HandsAUserOutOnce) {
  UserCache cache(kLargeEnough);
  cache.keep(user(7));
  EXPECT_EQ(cache.take({1, 8}), nullptr);
  ASSERT_NE(cache.take({1, 7}), nullptr);
  EXPECT_EQ(cache.take({1, 7}), nullptr);
  EXPECT_EQ(cache.bytes(), 0u);
}

TEST_F(UserCacheTest, WhoIsNoMoreTakesNoRoom) {
  UserCache cache(kLargeEnough);
  cache.keep(user(7));
  cache.keep(user(8));
  const std::size_t both = cache.bytes();
  cache.drop({1, 7});
  EXPECT_EQ(cache.take({1, 7}), nullptr);
  EXPECT_LT(cache.bytes(), both);
  ASSERT_NE(cache.take({1, 8}), nullptr);
  cache.drop({1, 8});
  cache.drop({1, 9});
  EXPECT_EQ(cache.bytes(), 0u);
  cache.keep(user(8));
  EXPECT_NE(cache.take({1, 8}), nullptr);
}

TEST_F(UserCacheTest, TheLongestUnusedGoesFirst) {
  const std::size_t one = user(1)->footprint_bytes();
  UserCache cache(2 * one);
  cache.keep(user(1));
  cache.keep(user(2));
  cache.keep(cache.take({1, 1}));
  cache.keep(user(3));
  EXPECT_EQ(cache.bytes(), 2 * one);
  EXPECT_EQ(cache.take({1, 2}), nullptr);
  EXPECT_NE(cache.take({1, 1}), nullptr);
  EXPECT_NE(cache.take({1, 3}), nullptr);
}

}  // namespace
}  // namespace sojourn::runtime
