// What senders say of single subscriptions, by Iterable's subscription calls, changes only what it
// names, holds from then on, and goes on to Iterable in the order in which it was said.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runtime/intake_consent.h"
#include "runtime/said_consent.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using Intake = IntakeRequest::Endpoint;
using Json = nlohmann::json;

// The world stands at 09:00 UTC.
constexpr const char* kWorld = R"(
  event signup
  event login
  event paid
  list vips = 21
  message_type news  = 41 marketing opt_out channel 31
  message_type tips  = 42 marketing opt_in
  message_type bills = 43 transactional opt_out channel 9
  campaign m1   = 101 email news
  campaign m2   = 102 email tips
  campaign bill = 103 email bills
  policy { timezone "UTC" }
  journey greeting { enter on signup reenter always send m1 }
  journey advice { enter on login reenter always send m2 }
  journey paying { enter on paid reenter always send bill }
)";
constexpr const char* kAda = "/user/ada@example.com";

std::string call(const std::string& method, const std::string& group,
                 const std::string& whom = kAda) {
  return method + " /api/subscriptions/" + group + whom;
}

class ConsentCalls : public testing::Test {
 protected:
  void say(const std::string& said, ForwardMode forward = ForwardMode::kOff,
           const std::string& body = {}) {
    EXPECT_EQ(world.consent(said, forward, body), "202 Success") << said;
  }
  // The campaigns of the messages that the event of Ada's brings about.
  std::vector<int> sent_on(const std::string& event, const std::string& email = "ada@example.com") {
    EXPECT_EQ(world.track(R"({"email":")" + email + R"(","eventName":")" + event + "\"}"),
              "200 Success");
    std::vector<int> campaigns;
    while (!world.nothing_to_take()) {
      const Outgoing outgoing = world.take();
      campaigns.push_back(Json::parse(outgoing.request.body)["campaignId"]);
      world.accept(outgoing);
    }
    return campaigns;
  }
  std::vector<std::string> under_way() {
    std::vector<Outgoing> all;
    while (!world.nothing_to_take()) all.push_back(world.take());
    std::vector<std::string> said;
    for (const Outgoing& outgoing : all) {
      said.push_back(outgoing.request.method + " " + outgoing.request.path);
      world.accept(outgoing);
    }
    return said;
  }

  ShardWorld world{kWorld};
};

TEST_F(ConsentCalls, AMessageTypeIsLeftAndJoined) {
  say(call("DELETE", "messageType/41"));
  EXPECT_THAT(sent_on("signup"), IsEmpty());
  EXPECT_THAT(sent_on("paid"), ElementsAre(103)) << "it says nothing of the others";
  say(call("PATCH", "messageType/41"));
  EXPECT_THAT(sent_on("signup"), ElementsAre(101)) << "the later word, although of one instant";
  EXPECT_THAT(sent_on("login"), IsEmpty());
  say(call("PATCH", "messageType/42"));
  EXPECT_THAT(sent_on("login"), ElementsAre(102));
}

TEST_F(ConsentCalls, AChannelIsLeftAndJoined) {
  say(call("DELETE", "MESSAGECHANNEL/31"));
  EXPECT_THAT(sent_on("signup"), IsEmpty());
  EXPECT_THAT(sent_on("paid"), ElementsAre(103));
  say(call("PATCH", "messageChannel/31"));
  EXPECT_THAT(sent_on("signup"), ElementsAre(101));
}

TEST_F(ConsentCalls, WhatIsSaidOfSomebodyUnknownWaitsForThem) {
  say(call("DELETE", "messageType/41"));
  EXPECT_EQ(world.counter("tombstones_kept"), 1);
  world.restart();
  EXPECT_THAT(sent_on("signup"), IsEmpty());
  EXPECT_THAT(sent_on("signup", "bob@example.com"), ElementsAre(101));
  say(call("DELETE", "messageType/41", "/byUserId/u%20%2F1"));
  EXPECT_EQ(world.update(R"({"email":"cyd@example.com","userId":"u /1"})"), "200 Success");
  EXPECT_THAT(sent_on("signup", "cyd@example.com"), IsEmpty());
}

TEST_F(ConsentCalls, ItIsAsLateAsItCame) {
  const auto tell = [&](const std::string& kind, const std::string& at) {
    world.notice(fmt::format(R"({{"email":"ada@example.com","eventName":"{}","dataFields":{{
        "createdAt":"{} +00:00","messageTypeIds":[41]}}}})",
                             kind, at));
  };
  say(call("DELETE", "messageType/41"));
  tell("emailSubscribe", "2026-03-01 08:59:59");
  EXPECT_THAT(sent_on("signup"), IsEmpty()) << "said before";
  say(call("PATCH", "messageType/41"));
  tell("emailUnSubscribe", "2026-03-01 08:59:58");
  EXPECT_THAT(sent_on("signup"), ElementsAre(101)) << "said before";
  world.pass(base::minutes(1));
  tell("emailUnSubscribe", "2026-03-01 09:00:30");
  EXPECT_THAT(sent_on("signup"), IsEmpty()) << "said after";
}

TEST_F(ConsentCalls, AfterAWholeListOfTheSameInstantItIsTheLastWord) {
  EXPECT_EQ(world.update_subscriptions(
                R"({"email":"ada@example.com","unsubscribedMessageTypeIds":[41,43]})"),
            "200 Success");
  say(call("PATCH", "messageType/41"));
  EXPECT_THAT(sent_on("signup"), ElementsAre(101));
  EXPECT_THAT(sent_on("paid"), IsEmpty());
}

TEST_F(ConsentCalls, AListIsJoinedAndLeft) {
  say(call("PATCH", "emailList/21"));
  EXPECT_THAT(Json::parse(world.report("ada@example.com")).at("lists").dump(),
              testing::HasSubstr("vips"));
  say(call("DELETE", "emailList/21"));
  EXPECT_THAT(Json::parse(world.report("ada@example.com")).at("lists").dump(),
              Not(testing::HasSubstr("vips")));
  EXPECT_EQ(world.consent(call("PATCH", "emailList/22")), "400 BadParams");
  say(call("PATCH", "emailList/22"), ForwardMode::kQueue);
  EXPECT_THAT(under_way(), ElementsAre("PATCH /api/subscriptions/emailList/22" + std::string(kAda)))
      << "a list of Iterable's alone";
}

TEST_F(ConsentCalls, WhoIsUnknownLeavesNoList) {
  const std::string leave =
      R"({"listId":21,"subscribers":[{"email":"ada@example.com"},{"userId":"u-1"}]})";
  EXPECT_EQ(world.subscribe(R"({"listId":21,"subscribers":[{"userId":"u-1"}]})"), "200");
  const Json left = Json::parse(world.post_for_body(Intake::kListsUnsubscribe, leave));
  EXPECT_EQ(left.at("successCount"), 1);
  EXPECT_EQ(left.at("failCount"), 1);
  EXPECT_EQ(left.at("failedUpdates").at("notFoundEmails"), Json::array({"ada@example.com"}));
  EXPECT_FALSE(Json::parse(world.report("ada@example.com")).contains("id"));
  EXPECT_EQ(world.post(Intake::kListsUnsubscribe, leave, ForwardMode::kQueue), "200");
  EXPECT_THAT(under_way(), testing::SizeIs(2)) << "Iterable may know them";
}

TEST_F(ConsentCalls, WhatCannotBeReadIsRefused) {
  for (const std::string& wrong :
       {call("PATCH", "people/1"), call("PATCH", "messageType/x"), call("PATCH", "messageType/1x"),
        call("PUT", "messageType/1?action=join", ""), call("PUT", "messageType/1", "")}) {
    EXPECT_EQ(world.consent(wrong, ForwardMode::kOff, "{}"), "400 BadParams") << wrong;
  }
  EXPECT_EQ(world.consent(call("PATCH", "messageType/1", "/user/nobody")),
            "400 InvalidEmailAddressError");
  for (const char* name : {"/user/%zz", "/user/a%FF@x.com"}) {
    EXPECT_EQ(world.consent(call("PATCH", "messageType/1", name)), "400 InvalidEmailAddressError")
        << name;
  }
  const std::string many = call("PUT", "messageType/41?action=unsubscribe", "");
  for (const char* body : {"", "[]", R"({"users":"ada"})", R"({"usersByUserId":[7]})"}) {
    EXPECT_EQ(world.consent(many, ForwardMode::kOff, body), "400 BadJsonBody") << body;
  }
  EXPECT_EQ(world.consent(many, ForwardMode::kOff,
                          R"({"users":["a@b.co","c@b.co"],"usersByUserId":["1","2"]})"),
            "400 BatchTooLarge");
  for (const auto& [method, path] :
       {std::pair{"POST", "/api/subscriptions/messageType/1/user/a@b.co"},
        std::pair{"PATCH", "/api/subscriptions/messageType/1"},
        std::pair{"PATCH", "/api/subscriptions/messageType/1/user/"},
        std::pair{"PATCH", "/api/subscriptions/messageType/1/somebody/a@b.co"},
        std::pair{"PUT", "/api/subscriptions/messageType/1/user/a@b.co"},
        std::pair{"PUT", "/api/subscriptions/"}, std::pair{"DELETE", "/api/users/a@b.co"}}) {
    EXPECT_FALSE(consent_endpoint(method, path)) << method << " " << path;
  }
}

TEST_F(ConsentCalls, OfOneUserNoMoreIdsAreKeptThanThereMayBe) {
  Json ids = Json::array();
  for (std::size_t id = 1; id <= kMaxSaidIds; ++id) ids.push_back(1'000 + id);
  EXPECT_EQ(world.update_subscriptions(
                Json{{"email", "ada@example.com"}, {"unsubscribedMessageTypeIds", ids}}.dump()),
            "200 Success");
  EXPECT_EQ(world.consent(call("DELETE", "messageType/41")), "400 BadParams");
  EXPECT_THAT(sent_on("signup"), ElementsAre(101)) << "nothing was done";
  say(call("PATCH", "messageType/1001"));
  say(call("DELETE", "messageType/41"));
  EXPECT_THAT(sent_on("signup"), IsEmpty());
}

TEST_F(ConsentCalls, ManyAtOnce) {
  say(call("PUT", "messageType/41?action=unsubscribe", ""), ForwardMode::kOff,
      R"({"users":["Ada@example.com","nobody"],"usersByUserId":["u-1"]})");
  EXPECT_EQ(world.update(R"({"email":"bob@example.com","userId":"u-1"})"), "200 Success");
  for (const char* email : {"ada@example.com", "bob@example.com"}) {
    EXPECT_THAT(sent_on("signup", email), IsEmpty()) << email;
  }
  say(call("PUT", "messageType/41?action=subscribe", ""), ForwardMode::kOff,
      R"({"users":["bob@example.com"],"usersByUserId":null})");
  EXPECT_THAT(sent_on("signup", "bob@example.com"), ElementsAre(101));
  EXPECT_THAT(sent_on("signup"), IsEmpty());
}

TEST_F(ConsentCalls, WhoWasForgottenIsNotMadeAnew) {
  EXPECT_EQ(world.post(Intake::kUsersForget, R"({"email":"ada@example.com"})"), "200 Success");
  EXPECT_EQ(world.consent(call("DELETE", "messageType/41")), "409 ForgottenUserError");
  say(call("PUT", "messageType/41?action=unsubscribe", ""), ForwardMode::kOff,
      R"({"users":["ada@example.com"]})");
  EXPECT_EQ(world.counter("tombstones_kept"), 0);
}

TEST_F(ConsentCalls, QueuedEachLeavesWithItsMethodInTheOrderInWhichItWasSaid) {
  const std::string path = "/api/subscriptions/messageType/41" + std::string(kAda);
  say("DELETE " + path, ForwardMode::kQueue);
  say("PATCH " + path, ForwardMode::kQueue);
  say("DELETE " + path, ForwardMode::kQueue);
  const Outgoing first = world.take();
  EXPECT_EQ(first.endpoint, Endpoint::kSubscriptions);
  EXPECT_EQ(first.request.method + " " + first.request.path, "DELETE " + path);
  EXPECT_EQ(first.request.body, "");
  EXPECT_TRUE(world.nothing_to_take()) << "one after another";
  world.restart();
  world.pass(base::minutes(10));
  EXPECT_THAT(under_way(), ElementsAre("DELETE " + path)) << "nobody knows whether it came";
  EXPECT_THAT(under_way(), ElementsAre("PATCH " + path));
  EXPECT_THAT(under_way(), ElementsAre("DELETE " + path));
  EXPECT_EQ(world.counter("forwards_waiting"), 0);
}

TEST_F(ConsentCalls, QueuedACallAboutManyLeavesAsOneAboutEach) {
  say(call("PUT", "messageChannel/31?action=unsubscribe", ""), ForwardMode::kQueue,
      R"({"users":["ada@example.com","nobody"],"usersByUserId":["u /1"]})");
  const std::string path = "DELETE /api/subscriptions/messageChannel/31";
  EXPECT_THAT(under_way(), testing::UnorderedElementsAre(path + kAda, path + "/byUserId/u%20%2F1"));
}

TEST_F(ConsentCalls, OneThatIterableRefusesIsListedWithoutAName) {
  say(call("DELETE", "messageType/41"), ForwardMode::kQueue);
  world.refuse(world.take(), "not enabled");
  DeliveryQuery query;
  query.token = 1;
  const Json listed = Json::parse(world.ask(query)).at("deliveries");
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0].at("subject"), "DELETE /api/subscriptions/messageType/41");
  EXPECT_THAT(sent_on("signup"), IsEmpty()) << "here it holds";
}

}  // namespace
}  // namespace sojourn::runtime
