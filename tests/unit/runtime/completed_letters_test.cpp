// A message that ended unsent can be sent after all when its person has completed the journey
// since; not when something took them out of it. Through the real store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using connectors::OutcomeKind;
using ::testing::Contains;
using ::testing::IsEmpty;
using Json = nlohmann::json;
using Verb = DeliveryOrder::Verb;
using What = JourneyCommand::What;

// The world stands at 09:00 UTC.
std::string journey(const std::string& steps, const std::string& rules = "") {
  return R"(
    user { plan string }
    event signup { team string }
    event gone
    message_type news = 1 marketing opt_out
    campaign hello = 101 email news { data { team string } }
    policy { timezone "UTC" )" +
         rules + R"( }
    journey trial {
      owner "a@example.com"
      enter on signup
      reenter always
      exit on gone
      exit when user.plan == "pro" as upgraded
      )" +
         steps + "}";
}

constexpr const char* kSend = "send hello with { team: entry.team }";

class CompletedLetters : public testing::Test {
 protected:
  void begin(const std::string& steps, const std::string& rules = "") {
    world.emplace(journey(steps, rules));
    sign_up("red");
  }
  void sign_up(const std::string& team) {
    world->track(R"({"email":"ada@example.com","eventName":"signup","dataFields":{"team":")" +
                 team + R"("}})");
  }
  void go() { world->track(R"({"email":"ada@example.com","eventName":"gone"})"); }
  void refuse() {
    const Outgoing outgoing = world->take();
    refused = outgoing.key;
    world->refuse(outgoing, "status 400");
  }
  Json retry() {
    DeliveryOrder order;
    order.verb = Verb::kRetry;
    order.filter.state = DeliveryState::kRefused;
    order.go = true;
    order.token = 1;
    return Json::parse(world->ask(std::move(order)));
  }
  std::vector<Json> letters() {
    DeliveryQuery query;
    query.token = 1;
    return Json::parse(world->ask(std::move(query))).at("deliveries");
  }
  void expect_not_sent(const char* why) {
    const Json done = retry();
    EXPECT_EQ(done.at("planned"), 0);
    EXPECT_EQ(done.at("ended"), (Json{{why, 1}}));
    EXPECT_TRUE(world->nothing_to_take());
  }
  // It leaves now, under its key, and says what it would have said.
  void expect_sent(const std::string& team = "red") {
    ASSERT_FALSE(world->nothing_to_take());
    const Outgoing again = world->take();
    EXPECT_EQ(again.key, refused);
    const Json body = Json::parse(again.request.body);
    EXPECT_EQ(body.at("campaignId"), 101);
    EXPECT_EQ(body.at("dataFields").at("team"), team);
    world->accept(again);
    EXPECT_EQ(world->counter("accepted/trial/hello"), 1);
    EXPECT_THAT(letters(), IsEmpty());
  }

  std::optional<ShardWorld> world;
  store::DeliveryKey refused;
};

TEST_F(CompletedLetters, TheLastMessageOfAJourney) {
  begin(kSend);
  refuse();
  EXPECT_EQ(world->counter("exited/trial/completed"), 1);
  world->restart();
  EXPECT_EQ(retry().at("planned"), 1);
  expect_sent();
  EXPECT_EQ(world->counter("exited/trial/completed"), 1);
  EXPECT_EQ(world->counter("inside/trial"), 0);
}

TEST_F(CompletedLetters, AJourneyThatIsCompletedLater) {
  begin(std::string(kSend) + " wait 1d");
  refuse();
  world->pass(days24(1));
  EXPECT_EQ(retry().at("planned"), 1);
  expect_sent();
}

TEST_F(CompletedLetters, AJourneyThatIsCompletedWhileTheMessageWaits) {
  begin(std::string(kSend) + " wait 13h", "quiet marketing 18:00..08:00 defer up to 14h else drop");
  refuse();
  world->pass(hours(12));
  EXPECT_EQ(retry().at("planned"), 1);
  EXPECT_TRUE(world->nothing_to_take()) << "it is 21:00";
  world->restart();
  world->pass(hours(2));
  EXPECT_EQ(world->counter("exited/trial/completed"), 1);
  world->pass(hours(9));
  expect_sent();
}

TEST_F(CompletedLetters, RefusedOnceMoreItIsKeptOnceMore) {
  begin(kSend);
  refuse();
  EXPECT_EQ(retry().at("planned"), 1);
  world->refuse(world->take(), "status 400 again");
  world->restart();
  EXPECT_EQ(retry().at("planned"), 1);
  expect_sent();
}

TEST_F(CompletedLetters, AnExitAfterTheRefusalStopsIt) {
  begin(std::string(kSend) + " wait 1d");
  refuse();
  go();
  expect_not_sent("exited");
}

TEST_F(CompletedLetters, AStopAfterTheRefusalStopsIt) {
  begin(std::string(kSend) + " wait 1d");
  refuse();
  world->command(What::kStop, "trial");
  expect_not_sent("exited");
}

TEST_F(CompletedLetters, AnExitWhileItWaitsStopsIt) {
  begin(std::string(kSend) + " wait 1d", "quiet marketing 18:00..08:00 defer up to 14h else drop");
  refuse();
  world->pass(hours(12));
  EXPECT_EQ(retry().at("planned"), 1);
  go();
  world->pass(hours(11));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(world->counter("skipped/trial/hello/exited"), 1);
}

TEST_F(CompletedLetters, AnExitRuleThatHoldsByNowStopsIt) {
  begin(kSend);
  refuse();
  world->update(R"({"email":"ada@example.com","dataFields":{"plan":"pro"}})");
  expect_not_sent("exited");
}

TEST_F(CompletedLetters, AnOptOutStopsIt) {
  begin(kSend);
  refuse();
  world->update(R"({"email":"ada@example.com","dataFields":{"unsubscribedMessageTypeIds":[1]}})");
  expect_not_sent("no_consent");
}

TEST_F(CompletedLetters, WhoCompletedTheJourneyAgainSinceIsSentTheFirstOneStill) {
  begin(kSend);
  refuse();
  world->pass(hours(1));
  sign_up("blue");
  world->end(world->take(), OutcomeKind::kRejected, true);
  DeliveryFilter first;
  first.keys = {refused.message};
  DeliveryOrder order;
  order.verb = Verb::kRetry;
  order.filter = first;
  order.go = true;
  order.token = 1;
  EXPECT_EQ(Json::parse(world->ask(std::move(order))).at("planned"), 1);
  const Outgoing again = world->take();
  EXPECT_EQ(again.key, refused);
  EXPECT_EQ(Json::parse(again.request.body).at("dataFields").at("team"), "red");
}

TEST_F(CompletedLetters, WhereItIsNotCertainThatTheyCompletedItNothingIsSent) {
  begin(kSend);
  refuse();
  world->pass(hours(1));
  sign_up("blue");
  // Which of the two was left, and which completed, is not kept.
  go();
  world->take();
  expect_not_sent("exited");
}

TEST_F(CompletedLetters, AnEditedJourneyCannotSayWhatItWouldHaveSaid) {
  begin(kSend);
  refuse();
  world->restart_with(journey(std::string(kSend) + " wait 1d"));
  expect_not_sent("edited");
  ASSERT_EQ(letters().size(), 1U) << "it stays in the list";
  EXPECT_EQ(letters()[0].at("reason"), "edited");
  world->restart_with(journey(kSend));
  EXPECT_EQ(retry().at("planned"), 1);
  expect_sent();
}

}  // namespace
}  // namespace sojourn::runtime
