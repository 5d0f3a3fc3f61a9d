// Goals and holdouts through the real store: what is counted, of which arm, also after
// the enrollment has ended and the process was restarted.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using ::testing::Contains;

std::string world(std::string_view clauses, std::string_view policy = "") {
  return fmt::format(R"(
    user {{ stage string }}
    event signup {{ code string }}
    event purchase {{ code string  amount number }}
    event told
    message_type news    = 1 marketing opt_out
    message_type account = 2 transactional opt_out
    campaign m1 = 101 email news
    campaign m2 = 102 email account
    policy {{ timezone "UTC" {} }}
    journey j {{
      enter on signup
      one per entry.code
      reenter always
      {}
      split s {{ 100% only {{ wait 1d }} }}
    }}
  )",
                     policy, clauses);
}

constexpr const char* kGoal =
    "goal bought on purchase where event.code == entry.code within 30d value event.amount";

class GoalsTest : public testing::Test {
 protected:
  void begin(std::string_view clauses) { world_.emplace(world(clauses)); }
  void signup(const char* code = "a") {
    world_->track(fmt::format(
        R"({{"email":"ada@example.com","eventName":"signup","dataFields":{{"code":"{}"}}}})",
        code));
  }
  void purchase(const char* code = "a", double amount = 9.5) {
    world_->track(fmt::format(
        R"({{"email":"ada@example.com","eventName":"purchase","dataFields":{{"code":"{}","amount":{}}}}})",
        code, amount));
  }
  // Of the only version: the counter whose name begins and ends so.
  std::int64_t count(std::string_view begin, std::string_view end) {
    std::int64_t sum = 0;
    for (const auto& [name, value] : world_->counters()) {
      if (name.starts_with(begin) && name.ends_with(end)) sum += value;
    }
    return sum;
  }

  std::optional<ShardWorld> world_;
};

TEST_F(GoalsTest, AGoalIsCountedByJourneyVersionAndArmWithItsValue) {
  begin(kGoal);
  signup();
  purchase("b");
  EXPECT_EQ(count("goals/j/", "/bought"), 0);
  purchase();
  purchase();
  EXPECT_EQ(count("goals/j/", "/bought"), 1);
  EXPECT_EQ(count("goal_values/j/", "/bought"), 9'500);
  EXPECT_EQ(count("arms/j/", "/split s/only"), 1);
  EXPECT_EQ(count("goals_of_arm/j/", "/bought/split s/only"), 1);
  EXPECT_THAT(world_->log("ada@example.com"), Contains("goal j bought 9.5"));
}

TEST_F(GoalsTest, ItIsMetAfterTheEndAcrossARestart) {
  begin(kGoal);
  signup();
  world_->pass(days24(2));
  EXPECT_EQ(world_->counter("exited/j/completed"), 1);
  world_->restart();
  world_->pass(days24(20));
  purchase();
  EXPECT_EQ(count("goals/j/", "/bought"), 1);
  world_->restart();
  purchase();
  EXPECT_EQ(count("goals/j/", "/bought"), 1) << "once per enrollment";
}

TEST_F(GoalsTest, EveryEnrollmentHasItsOwn) {
  begin(kGoal);
  signup("a");
  signup("b");
  world_->pass(days24(2));
  signup("a");
  purchase("a");
  EXPECT_EQ(count("goals/j/", "/bought"), 2) << "the one that ended and the one that goes on";
  purchase("b");
  EXPECT_EQ(count("goals/j/", "/bought"), 3);
}

TEST_F(GoalsTest, AfterItsTimeNothingIsCounted) {
  begin(kGoal);
  signup();
  world_->pass(days24(2));
  world_->pass(days24(36));
  purchase();
  EXPECT_EQ(count("goals/j/", "/bought"), 0);
}

TEST_F(GoalsTest, AndExitEndsWithTheGoalsName) {
  begin("goal bought on purchase within 30d and exit");
  signup();
  purchase("z");
  EXPECT_EQ(world_->counter("exited/j/bought"), 1);
  EXPECT_EQ(count("goals/j/", "/bought"), 1);
}

TEST_F(GoalsTest, WhoIsHeldOutIsMeasuredAndGetsNothing) {
  world_.emplace(
      world("holdout 99.99%\n goal bought on purchase within 30d\n"
            "send m1 send m2 update user { stage: \"x\" } track told"));
  signup();
  EXPECT_TRUE(world_->nothing_to_take());
  EXPECT_EQ(world_->counter("skipped/j/m1/holdout"), 1);
  EXPECT_EQ(world_->counter("skipped/j/m2/holdout"), 1) << "transactional ones of the journey too";
  EXPECT_EQ(world_->counter("events/told"), 0);
  purchase();
  EXPECT_EQ(count("arms/j/", "/(holdout)/held_out"), 1);
  EXPECT_EQ(count("goals_of_arm/j/", "/bought/(holdout)/held_out"), 1);
}

TEST_F(GoalsTest, TheHoldoutOfThePolicyIsAboutMarketing) {
  world_.emplace(world("send m1 send m2", "holdout 99.99% everybody"));
  signup();
  EXPECT_EQ(world_->counter("skipped/j/m1/holdout"), 1);
  EXPECT_EQ(nlohmann::json::parse(world_->take().request.body)["campaignId"], 102);
}

}  // namespace
}  // namespace sojourn::runtime
