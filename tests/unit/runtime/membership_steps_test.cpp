// Steps that change what a user belongs to, through the real store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using connectors::OutcomeKind;
using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kWorld = R"(
  user { plan string }
  event signup { plan string }
  event login
  message_type news = 7 marketing opt_in
  message_type tips = 8 marketing opt_in
  message_type account = 9 transactional opt_out
  message_type texts = 10 marketing double_opt_in
  campaign m1 = 101 email news
  campaign receipt = 102 email account
  list vips = 21
  list beta = 22
  policy { timezone "UTC" }
)";

std::string event(const std::string& name) {
  return R"({"email":"ada@example.com","eventName":")" + name + R"(","dataFields":{"plan":"a"}})";
}

std::string on_list(int id) {
  return R"({"listId":)" + std::to_string(id) + R"(,"subscribers":[{"email":"ada@example.com"}]})";
}

class MembershipSteps : public testing::Test {
 protected:
  void begin(const std::string& journeys) { world_.emplace(kWorld + journeys); }
  void signs_up() { world_->track(event("signup")); }
  std::int64_t count(const std::string& name) { return world_->counter(name); }
  // "POST /api/lists/subscribe {…}", taken and accepted.
  std::string next_request() {
    const Outgoing outgoing = world_->take();
    world_->accept(outgoing);
    const connectors::HttpRequest& request = outgoing.request;
    return request.method + " " + request.path + (request.body.empty() ? "" : " " + request.body);
  }

  std::optional<ShardWorld> world_;
};

TEST_F(MembershipSteps, AListIsJoinedHereAtOnceAndAtIterable) {
  begin(R"(
    journey j { enter on signup  add to list vips  if in list vips { exit as vip } }
    journey welcome { enter on list vips  wait 1d }
  )");
  signs_up();
  EXPECT_EQ(count("exited/j/vip"), 1);
  EXPECT_EQ(count("entered/welcome"), 1) << "the same turn tells who looks out for it";
  EXPECT_EQ(
      next_request(),
      R"(POST /api/lists/subscribe {"listId":21,"subscribers":[{"email":"ada@example.com"}]})");
  EXPECT_EQ(count("list_changes/accepted"), 1);
  EXPECT_THAT(world_->log("ada@example.com"), Contains("profile j joined vips"));
  EXPECT_TRUE(world_->nothing_to_take());
}

TEST_F(MembershipSteps, WhoIsOnAListIsNotPutOnItAgain) {
  begin("journey j { enter on signup  reenter always  add to list vips }");
  world_->subscribe(on_list(21));
  signs_up();
  EXPECT_EQ(count("exited/j/completed"), 1);
  EXPECT_TRUE(world_->nothing_to_take());
}

TEST_F(MembershipSteps, WhoIsNotKnownToBeOnAListIsTakenOffIt) {
  begin("journey j { enter on signup  reenter always  remove from list vips }");
  signs_up();
  EXPECT_EQ(
      next_request(),
      R"(POST /api/lists/unsubscribe {"listId":21,"subscribers":[{"email":"ada@example.com"}]})")
      << "somebody else may have put them there";
  EXPECT_THAT(world_->log("ada@example.com"), Not(Contains(HasSubstr("left vips"))));
  world_->subscribe(on_list(21));
  signs_up();
  next_request();
  EXPECT_THAT(world_->log("ada@example.com"), Contains("profile j left vips"));
}

TEST_F(MembershipSteps, TheListIsKeptAndWakesOtherJourneys) {
  begin(R"(
    journey watcher { enter on login  exit when in list vips as vip  wait 30d }
    journey j { enter on signup  wait 1d  add to list vips  wait 1d }
  )");
  world_->track(event("login"));
  signs_up();
  world_->pass(base::days24(1));
  EXPECT_EQ(count("exited/watcher/vip"), 1);
  world_->restart();
  EXPECT_THAT(json::parse(world_->report("ada@example.com"))["lists"], json::array({"vips"}));
}

TEST_F(MembershipSteps, ASubscriptionIsConsentForTheNextStep) {
  begin("journey j { enter on signup  subscribe to news  send m1 }");
  signs_up();
  EXPECT_EQ(next_request(), "PATCH /api/subscriptions/messageType/7/user/ada@example.com");
  const Outgoing message = world_->take();
  const json body = json::parse(message.request.body);
  EXPECT_EQ(body["campaignId"], 101);
  EXPECT_FALSE(body["dataFields"].contains("subscribedMessageTypeIds"))
      << "subscriptions do not travel with messages";
  EXPECT_EQ(count("subscription_changes/accepted"), 1);
  EXPECT_THAT(world_->log("ada@example.com"), Contains("profile j subscribed to news"));
}

TEST_F(MembershipSteps, WhoIsSubscribedIsNotSubscribedAgain) {
  begin("journey j { enter on signup  subscribe to news }");
  world_->update(R"({"email":"ada@example.com","dataFields":{"subscribedMessageTypeIds":[7]}})");
  signs_up();
  EXPECT_TRUE(world_->nothing_to_take());
}

TEST_F(MembershipSteps, UnsubscribingHoldsBackWhatWasPlanned) {
  begin(R"(
    journey j { enter on signup  wait 1h  send m1 }
    journey stop { enter on login  unsubscribe from news }
  )");
  world_->update(R"({"email":"ada@example.com","dataFields":{"subscribedMessageTypeIds":[7]}})");
  signs_up();
  world_->track(event("login"));
  EXPECT_EQ(next_request(), "DELETE /api/subscriptions/messageType/7/user/ada@example.com");
  world_->restart();
  world_->pass(base::hours(1));
  EXPECT_EQ(count("skipped/j/m1/no_consent"), 1);
}

TEST_F(MembershipSteps, AGroupOfTypesIsUnsubscribedOneByOne) {
  begin("journey j { enter on signup  unsubscribe from marketing }");
  world_->track(R"({"userId":"u-1","eventName":"signup","dataFields":{"plan":"a"}})");
  EXPECT_EQ(next_request(), "DELETE /api/subscriptions/messageType/7/byUserId/u-1");
  EXPECT_EQ(next_request(), "DELETE /api/subscriptions/messageType/10/byUserId/u-1");
  EXPECT_EQ(next_request(), "DELETE /api/subscriptions/messageType/8/byUserId/u-1");
  EXPECT_TRUE(world_->nothing_to_take()) << "not from what is transactional";
}

TEST_F(MembershipSteps, AMediumMeansTheTypesOfItsCampaigns) {
  begin("journey j { enter on signup  unsubscribe from email  send receipt }");
  signs_up();
  EXPECT_EQ(next_request(), "DELETE /api/subscriptions/messageType/9/user/ada@example.com");
  EXPECT_EQ(next_request(), "DELETE /api/subscriptions/messageType/7/user/ada@example.com");
  EXPECT_EQ(count("skipped/j/receipt/no_consent"), 1);
}

TEST_F(MembershipSteps, WhoHasToBeAskedIsSubscribedOnceTheySaidYes) {
  begin(R"(journey j {
    enter on signup
    subscribe to texts
    wait for subscribed to texts up to 1d { exit as agreed } timeout { exit as silent }
  })");
  signs_up();
  EXPECT_EQ(next_request(), R"(POST /api/subscriptions/subscribeToDoubleOptIn )"
                            R"({"email":"ada@example.com","messageTypeIds":[10]})");
  EXPECT_EQ(count("exited/j/agreed"), 0);
  world_->update(R"({"email":"ada@example.com","dataFields":{"subscribedMessageTypeIds":[10]}})");
  EXPECT_EQ(count("exited/j/agreed"), 1);
}

TEST_F(MembershipSteps, ASubscriptionIsAChangeOfTheProfile) {
  begin(R"(
    journey j { enter on signup  subscribe to news }
    journey reader { enter when subscribed to news  wait 1d }
  )");
  signs_up();
  EXPECT_EQ(count("entered/reader"), 1);
}

TEST_F(MembershipSteps, TheSecondOfTwoChangesIsTheOneThatIsSent) {
  begin("journey j { enter on signup  add to list vips  remove from list vips }");
  signs_up();
  EXPECT_EQ(
      next_request(),
      R"(POST /api/lists/unsubscribe {"listId":21,"subscribers":[{"email":"ada@example.com"}]})");
  EXPECT_TRUE(world_->nothing_to_take());
  EXPECT_EQ(count("list_changes/superseded"), 1);
}

TEST_F(MembershipSteps, AChangeIsTriedAgainAcrossARestart) {
  begin("journey j { enter on signup  add to list vips }");
  signs_up();
  const Outgoing first = world_->take();
  world_->end(first, OutcomeKind::kRetry);
  world_->restart();
  world_->pass(base::minutes(1));
  const Outgoing second = world_->take();
  EXPECT_EQ(second.key, first.key);
  EXPECT_EQ(second.request.body, first.request.body);
  world_->accept(second);
  EXPECT_EQ(count("list_changes/accepted"), 1);
  EXPECT_EQ(count("exited/j/completed"), 1);
}

TEST_F(MembershipSteps, OnlyANoIsToldHoweverLate) {
  begin("journey j { enter on signup  add to list vips  unsubscribe from news }");
  signs_up();
  const Outgoing list = world_->take();
  const Outgoing no = world_->take();
  EXPECT_EQ(no.request.method, "DELETE");
  world_->end(list, OutcomeKind::kRetry, false, base::days24(4));
  world_->end(no, OutcomeKind::kRetry, false, base::days24(4));
  world_->pass(base::days24(5));
  EXPECT_EQ(world_->take().key, no.key);
  EXPECT_TRUE(world_->nothing_to_take());
  EXPECT_EQ(count("list_changes/late"), 1);
}

TEST_F(MembershipSteps, AClaimWhoseProcessDiedIsRepeated) {
  begin("journey j { enter on signup  subscribe to news }");
  signs_up();
  const Outgoing lost = world_->take();
  world_->restart();
  world_->pass(base::minutes(1));
  EXPECT_EQ(world_->take().key, lost.key);
}

TEST_F(MembershipSteps, OnlyToHoldsThemBack) {
  ShardSettings settings;
  settings.turn.only_to = *connectors::OnlyTo::from_patterns({"*@elsewhere.org"});
  world_.emplace(std::string(kWorld) + "journey j { enter on signup  add to list vips }", settings);
  signs_up();
  EXPECT_TRUE(world_->nothing_to_take());
  EXPECT_EQ(count("list_changes/only_to"), 1);
}

TEST_F(MembershipSteps, APlannedChangeIsShownInTheReport) {
  begin("journey j { enter on signup  add to list vips }");
  signs_up();
  const json deliveries = json::parse(world_->report("ada@example.com"))["deliveries"];
  ASSERT_EQ(deliveries.size(), 1u);
  EXPECT_EQ(deliveries[0]["what"], "add_to_list");
  EXPECT_EQ(deliveries[0]["subject"], "vips");
}

}  // namespace
}  // namespace sojourn::runtime
