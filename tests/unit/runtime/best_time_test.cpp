// `at best time` and `user.affinity`: what people did with messages, through the real store.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::hours;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr const char* kWorld = R"(
  event signup
  message_type news = 7 marketing opt_out
  campaign welcome = 101 email news
  campaign tour = 102 email news
  policy { timezone "UTC" }
)";

// Everything begins at 09:00.
class BestTimeTest : public testing::Test {
 protected:
  void begin(const std::string& journeys) { world_.emplace(kWorld + journeys); }
  void signup() { world_->track(R"({"email":"ada@example.com","eventName":"signup"})"); }
  // The next message is accepted; its key.
  std::string deliver() {
    const Outgoing message = world_->take();
    world_->accept(message);
    return nlohmann::json::parse(message.request.body)["dataFields"]["sojournMessageKey"];
  }
  void engage(const std::string& what, const std::string& key, int times = 1) {
    for (int i = 0; i < times; ++i) {
      ASSERT_EQ(
          world_->engage(fmt::format(
              R"({{"email":"ada@example.com","engagement":"{}","messageKey":"{}","campaignId":101}})",
              what, key)),
          "200 Success");
    }
  }

  std::optional<ShardWorld> world_;
};

TEST_F(BestTimeTest, OfSomebodyUnknownItIsTheMorning) {
  begin("journey j { enter on signup send tour at best time }");
  signup();
  EXPECT_TRUE(world_->nothing_to_take());
  EXPECT_THAT(world_->log("ada@example.com"), Contains(HasSubstr("best_time")));
  world_->restart();
  world_->pass(hours(1));
  deliver();
  EXPECT_EQ(world_->counter("exited/j/completed"), 1);
  EXPECT_EQ(world_->counter("deferred/j/tour/best_time"), 1);
}

TEST_F(BestTimeTest, WhatTheyOpenedIsKeptForIt) {
  begin("journey j { enter on signup send welcome wait 1d send tour at best time }");
  signup();
  const std::string key = deliver();
  world_->pass(hours(11));
  engage("opened", key, 12);
  world_->restart();
  world_->pass(hours(13));  // 09:00 on the next day
  EXPECT_TRUE(world_->nothing_to_take());
  world_->pass(hours(10));
  EXPECT_TRUE(world_->nothing_to_take()) << "19:00";
  world_->pass(hours(1));
  deliver();
}

TEST_F(BestTimeTest, AffinityIsWatched) {
  begin(R"(
    journey j { enter on signup send welcome }
    journey gone { enter when user.affinity == "negative" wait 1h }
  )");
  signup();
  const std::string key = deliver();
  engage("clicked", key);
  EXPECT_EQ(world_->counter("entered/gone"), 0);
  world_->restart();
  engage("complained", key);
  EXPECT_EQ(world_->counter("entered/gone"), 1);
}

// Iterable tells of all messages of the project; those that others sent are not weighed against
// ours.
TEST_F(BestTimeTest, AffinityIsOfTheMessagesThatJourneysSent) {
  begin(R"(
    journey j { enter on signup reenter always send welcome }
    journey liked { enter when user.affinity == "positive" wait 1h }
    journey loved { enter when user.affinity == "loyal" wait 1h }
  )");
  int told = 0;
  const auto tell = [&](const std::string& event, const std::string& of) {
    world_->notice(fmt::format(
        R"({{"email":"ada@example.com","eventName":"{}","dataFields":{{"messageId":"m{}",{}}}}})",
        event, ++told, of));
  };
  std::string key;
  for (int i = 0; i < 3; ++i) {
    signup();
    key = deliver();
  }
  for (int i = 0; i < 5; ++i) {
    tell("emailOpen", R"("campaignId":9000)");
    tell("emailClick", R"("campaignId":9000)");
  }
  EXPECT_EQ(world_->counter("engagements/clicked"), 5) << "they are known";
  EXPECT_EQ(world_->counter("entered/liked"), 0);
  tell("emailClick", R"("campaignId":101)");
  EXPECT_EQ(world_->counter("entered/liked"), 1) << "by its campaign it is one of ours";
  world_->restart();
  for (int i = 0; i < 2; ++i) {
    const std::string ours = R"("transactionalData":{"sojournMessageKey":")" + key + R"("})";
    tell("emailOpen", ours);
    tell("emailClick", ours);
  }
  EXPECT_EQ(world_->counter("entered/loved"), 1) << "by its key, too";
}

}  // namespace
}  // namespace sojourn::runtime
