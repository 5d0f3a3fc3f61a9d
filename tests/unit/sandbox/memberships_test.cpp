// Lists and subscriptions: what is asked, what is answered, what a profile then says.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

class Memberships : public ServiceTest {
 protected:
  // A field of the profile, as JSON; "null" without it.
  std::string field(const std::string& user, const char* name) {
    const std::string answer = ask("GET", "/api/users/" + user);
    const json body = json::parse(answer.substr(answer.find(' ') + 1));
    return body.value("user", json::object())
        .value("dataFields", json::object())
        .value(name, json())
        .dump();
  }
};

constexpr const char* kAda = R"({"listId":21,"subscribers":[{"email":"Ada@example.com"}]})";

TEST_F(Memberships, AListIsJoinedOnceAndLeft) {
  EXPECT_TRUE(
      post("/api/lists/subscribe", kAda).starts_with(R"(200 {"successCount":1,"failCount":0)"));
  post("/api/lists/subscribe", kAda);
  post("/api/lists/subscribe",
       R"({"listId":22,"subscribers":[{"email":"ada@example.com","dataFields":{"plan":"pro"}}]})");
  EXPECT_EQ(field("ada@example.com", "emailListIds"), "[21,22]");
  EXPECT_EQ(field("ada@example.com", "plan"), R"("pro")");
  post("/api/lists/unsubscribe", kAda);
  EXPECT_EQ(field("ada@example.com", "emailListIds"), "[22]");
}

TEST_F(Memberships, NamesAreJudgedOneByOne) {
  const std::string answer = post(
      "/api/lists/subscribe", R"({"listId":21,"subscribers":[{"email":"ada"},{"userId":"u-77"}]})");
  EXPECT_TRUE(answer.starts_with(R"(200 {"successCount":1,"failCount":1)")) << answer;
  EXPECT_NE(answer.find(R"("invalidEmails":["ada"])"), std::string::npos) << answer;
  EXPECT_EQ(field("byUserId/u-77", "emailListIds"), "[21]");
  EXPECT_TRUE(
      post("/api/lists/subscribe", R"({"listId":21,"subscribers":[{}]})").starts_with("400 "));
  EXPECT_TRUE(post("/api/lists/subscribe", R"({"subscribers":[]})").starts_with("400 "));
}

TEST_F(Memberships, ASubscriptionMovesTheIdFromOneListToTheOther) {
  const char* path = "/api/subscriptions/messageType/7/user/ada%40example.com";
  EXPECT_TRUE(ask("PATCH", path).starts_with("202 "));
  EXPECT_EQ(field("ada@example.com", "subscribedMessageTypeIds"), "[7]");
  EXPECT_EQ(field("ada@example.com", "unsubscribedMessageTypeIds"), "[]");
  EXPECT_TRUE(ask("DELETE", path).starts_with("202 "));
  EXPECT_EQ(field("ada@example.com", "subscribedMessageTypeIds"), "[]");
  EXPECT_EQ(field("ada@example.com", "unsubscribedMessageTypeIds"), "[7]");
  EXPECT_TRUE(
      ask("DELETE", "/api/subscriptions/messageType/8/byUserId/u%2077").starts_with("202 "));
  EXPECT_EQ(field("byUserId/u%2077", "unsubscribedMessageTypeIds"), "[8]");
}

TEST_F(Memberships, SubscriptionsNeedAKeyAPathAndAName) {
  const char* path = "/api/subscriptions/messageType/7/user/ada@example.com";
  EXPECT_TRUE(ask("PATCH", path, {}, "").starts_with("401 "));
  EXPECT_TRUE(ask("POST", path, "{}").starts_with("404 "));
  EXPECT_TRUE(ask("PATCH", "/api/subscriptions/messageType/x/user/a@b.com").starts_with("404 "));
  EXPECT_TRUE(ask("PATCH", "/api/subscriptions/messageType/7/users/a@b.com").starts_with("404 "));
  EXPECT_TRUE(ask("PATCH", "/api/subscriptions/messageType/7/user/ada").starts_with("400 "));
  EXPECT_TRUE(inbox->tallies().empty());
}

TEST_F(Memberships, WhoIsAskedIsNotSubscribed) {
  EXPECT_EQ(post("/api/subscriptions/subscribeToDoubleOptIn",
                 R"({"email":"ada@example.com","messageTypeIds":[3]})"),
            "202 Accepted");
  EXPECT_EQ(field("ada@example.com", "subscribedMessageTypeIds"), "null");
  EXPECT_EQ(inbox->tallies().count({RecordKind::kUpdate, "subscriptions/subscribeToDoubleOptIn"}),
            1u);
  EXPECT_TRUE(post("/api/subscriptions/subscribeToDoubleOptIn", R"({"email":"ada@example.com"})")
                  .starts_with("400 "));
}

}  // namespace
}  // namespace sojourn::sandbox
