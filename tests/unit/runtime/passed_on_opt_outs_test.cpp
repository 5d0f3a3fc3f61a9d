// What somebody opted out of before they appeared, on its way to Iterable: which requests, when,
// in which order, and when there are none.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using connectors::OutcomeKind;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kWorld = R"(
  event signup
  user { plan string? }
  message_type news = 41 marketing opt_out channel 31
  campaign welcome  = 101 email news
  policy { timezone "UTC" }
  journey greet { enter on signup reenter always send welcome }
)";
constexpr const char* kSignup = R"({"email":"ada@example.com","eventName":"signup"})";

class PassedOnOptOuts : public testing::Test {
 protected:
  static ShardSettings settings(bool on = true) {
    ShardSettings settings;
    settings.turn.pass_on_opt_outs = on;
    return settings;
  }
  void opt_out(const std::string& ids, const std::string& who = R"("email":"ada@example.com")") {
    world->notice(fmt::format(
        R"({{{},"eventName":"emailUnSubscribe","dataFields":{{{},"createdAt":"2026-03-01 08:00:00 +00:00"}}}})",
        who, ids));
  }
  // Accepts what leaves, until nothing does: "DELETE /api/…".
  std::vector<std::string> left() {
    std::vector<std::string> requests;
    while (!world->nothing_to_take()) {
      const Outgoing outgoing = world->take();
      requests.push_back(outgoing.request.method + " " + outgoing.request.path);
      world->accept(outgoing);
    }
    return requests;
  }

  std::optional<ShardWorld> world{std::in_place, kWorld, settings()};
};

constexpr const char* kOfChannel =
    "DELETE /api/subscriptions/messageChannel/31/user/ada@example.com";
constexpr const char* kOfType = "DELETE /api/subscriptions/messageType/41/user/ada@example.com";

TEST_F(PassedOnOptOuts, TheyLeaveOnceThePersonAppears) {
  opt_out(R"("channelIds":[31],"messageTypeIds":[41])");
  EXPECT_TRUE(world->nothing_to_take()) << "there is nobody yet";
  world->restart();
  world->track(kSignup);
  EXPECT_EQ(world->counter("forwards_waiting"), 2);
  EXPECT_THAT(left(), ElementsAre(kOfChannel, kOfType));
  EXPECT_EQ(world->counter("forwards/accepted"), 2);
  EXPECT_THAT(world->log("ada@example.com"), Contains("event opt-outs go on to Iterable 2"));
  world->track(kSignup);
  EXPECT_THAT(left(), IsEmpty()) << "once";
}

TEST_F(PassedOnOptOuts, TheyHaveALaneOfTheirOwnKindAndNoBody) {
  opt_out(R"("messageTypeIds":[41])");
  world->track(kSignup);
  const Outgoing outgoing = world->take();
  EXPECT_EQ(outgoing.endpoint, Endpoint::kSubscriptions);
  EXPECT_EQ(outgoing.request.body, "");
  world->end(outgoing, OutcomeKind::kUnknown);
  world->pass(base::hours(1));
  EXPECT_THAT(left(), ElementsAre(kOfType)) << "what may have arrived is said again";
}

TEST_F(PassedOnOptOuts, WhoTakesTheNameOfATombstoneHasThem) {
  opt_out(R"("channelIds":[31])");
  world->update(R"({"userId":"u-1","dataFields":{"plan":"pro"}})");
  EXPECT_THAT(left(), IsEmpty());
  world->update(R"({"userId":"u-1","dataFields":{"email":"ada@example.com"}})");
  EXPECT_THAT(left(), ElementsAre(kOfChannel));
}

TEST_F(PassedOnOptOuts, AMergeIntoATombstoneHasThem) {
  opt_out(R"("channelIds":[31])");
  world->update(R"({"email":"old@example.com","dataFields":{"plan":"pro"}})");
  world->post(IntakeRequest::Endpoint::kUsersMerge,
              R"({"sourceEmail":"old@example.com","destinationEmail":"ada@example.com"})");
  EXPECT_THAT(left(), ElementsAre(kOfChannel));
}

TEST_F(PassedOnOptOuts, WhatMakesThePersonKnownThereLeavesFirst) {
  opt_out(R"("channelIds":[31])");
  world->post(IntakeRequest::Endpoint::kUsersUpdate,
              R"({"email":"ada@example.com","dataFields":{"plan":"pro"}})", ForwardMode::kQueue);
  EXPECT_THAT(left(), ElementsAre("POST /api/users/update", kOfChannel));
}

// It would be the new person whom the erasure takes away, with what was said of her.
TEST_F(PassedOnOptOuts, TheErasureOfWhoHadTheNameLeavesFirst) {
  world->update(R"({"email":"ada@example.com","dataFields":{"plan":"pro"}})");
  world->erase("/api/users/ada@example.com", ForwardMode::kQueue);
  world->end(world->take(), OutcomeKind::kRetry);
  opt_out(R"("messageTypeIds":[41])");
  world->restart();
  world->post(IntakeRequest::Endpoint::kUsersUpdate,
              R"({"email":"ada@example.com","dataFields":{"plan":"pro"}})", ForwardMode::kQueue);
  EXPECT_THAT(left(), IsEmpty());
  world->pass(base::minutes(10));
  EXPECT_THAT(left(),
              ElementsAre("DELETE /api/users/ada@example.com", "POST /api/users/update", kOfType));
  EXPECT_EQ(world->counter("forwards_waiting"), 0);
  EXPECT_EQ(world->counter("erasures_leaving"), 0);
}

TEST_F(PassedOnOptOuts, WhatIsRefusedIsListed) {
  opt_out(R"("channelIds":[31])");
  world->track(kSignup);
  world->refuse(world->take(), "nobody is called so");
  EXPECT_EQ(world->counter("dead_letters_kept"), 1);
}

TEST_F(PassedOnOptOuts, OfSomebodyKnownIterableIsToldNothing) {
  world->update(R"({"email":"ada@example.com","dataFields":{"plan":"pro"}})");
  opt_out(R"("channelIds":[31])");
  world->track(kSignup);
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(PassedOnOptOuts, WhoHasNoEmailIsNamedByTheirUserId) {
  opt_out(R"("channelIds":[31])", R"("userId":"u-1")");
  world->update(R"({"userId":"u-1","dataFields":{"plan":"pro"}})");
  EXPECT_THAT(left(), ElementsAre("DELETE /api/subscriptions/messageChannel/31/byUserId/u-1"));
}

TEST_F(PassedOnOptOuts, NothingLeavesForWhomNothingMay) {
  ShardSettings narrow = settings();
  narrow.turn.only_to = connectors::OnlyTo::from_patterns({"*@example.org"}).value();
  world.emplace(kWorld, narrow);
  opt_out(R"("channelIds":[31])");
  world->update(R"({"email":"ada@example.com","dataFields":{"plan":"pro"}})");
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(PassedOnOptOuts, ThoseOfOnePersonAreBounded) {
  std::string ids;
  for (int id = 1; id <= 120; ++id) ids += (ids.empty() ? "" : ",") + std::to_string(id);
  opt_out("\"messageTypeIds\":[" + ids + "]");
  world->track(kSignup);
  EXPECT_EQ(world->counter("forwards_waiting"), 100);
  std::vector<std::string> events;
  for (const OperatorNote& note : world->notes()) events.push_back(note.event);
  EXPECT_THAT(events, Contains("opt_outs_not_passed_on"));
}

TEST_F(PassedOnOptOuts, UnlessItIsSwitchedOff) {
  world.emplace(kWorld, settings(false));
  opt_out(R"("channelIds":[31])");
  world->track(kSignup);
  EXPECT_THAT(left(), IsEmpty());
}

}  // namespace
}  // namespace sojourn::runtime
