// What looks at everybody on a list, and the calls about campaigns and templates beside it.
#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr const char* kTeam = R"({
  "channels": [{"id": 31, "name": "News", "channelType": "Marketing", "messageMedium": "Email"}],
  "messageTypes": [{"id": 41, "name": "News", "channelId": 31, "subscriptionPolicy": "OptOut"}],
  "lists": [{"id": 700, "name": "Trial users"}, {"id": 701, "name": "Staff"}],
  "templates": [{"templateId": 9001, "name": "Hello", "messageTypeId": 41,
                 "messageMedium": "Email", "content": {"subject": "Hello", "html": "<p>"}}],
  "campaigns": [{"id": 5001, "name": "Hello", "messageMedium": "Email", "templateId": 9001}]
})";

class ListCalls : public ServiceTest {
 protected:
  ListCalls() {
    open(":memory:", {.project = kTeam});
    post("/api/lists/subscribe", R"({"listId":700,"subscribers":[
      {"email":"Ada@b.com"},{"email":"bob@b.com"},{"email":"eve@b.com"}]})");
    post("/api/lists/subscribe", R"({"listId":701,"subscribers":[{"email":"bob@b.com"}]})");
  }
  std::string get(std::string_view path, std::string_view query = {}) {
    const Reply reply = service->handle({"GET", path, query, "secret", {}}, now);
    return std::to_string(reply.status) + " " + reply.body;
  }
  std::size_t sent_to(const std::string& email, const std::string& more = {}) {
    return json::parse(get("/api/users/getSentMessages", "email=" + email + more).substr(4))
        .at("messages")
        .size();
  }
};

TEST_F(ListCalls, AListIsCountedAndLookedAt) {
  EXPECT_EQ(get("/api/lists/700/size"), "200 3");
  EXPECT_EQ(get("/api/lists/previewUsers", "listId=700"), "200 ada@b.com\nbob@b.com\neve@b.com\n");
  EXPECT_EQ(get("/api/lists/previewUsers", "listId=700&size=2"), "200 ada@b.com\nbob@b.com\n");
  EXPECT_TRUE(get("/api/lists/previewUsers", "listId=700&size=5001").starts_with("400 "));
  EXPECT_TRUE(get("/api/lists/1/size").starts_with("400 "));
  EXPECT_TRUE(get("/api/lists/previewUsers", "listId=1").starts_with("400 "));
}

TEST_F(ListCalls, ACampaignGoesToListsButNotToOthers) {
  EXPECT_EQ(post("/api/campaigns/trigger",
                 R"({"campaignId":5001,"listIds":[700,700],"suppressionListIds":[701]})"),
            R"(200 {"msg":"","code":"Success","params":null})");
  EXPECT_EQ(sent_to("ada@b.com"), 1u);
  EXPECT_EQ(sent_to("bob@b.com"), 0u);
  EXPECT_EQ(sent_to("eve@b.com"), 1u);
  EXPECT_TRUE(post("/api/campaigns/trigger", R"({"campaignId":1,"listIds":[700]})")
                  .find("Invalid campaignId") != std::string::npos);
  EXPECT_TRUE(
      post("/api/campaigns/trigger", R"({"campaignId":5001,"listIds":[1]})").starts_with("400 "));
  EXPECT_TRUE(
      post("/api/campaigns/trigger", R"({"campaignId":5001,"listIds":[]})").starts_with("400 "));
}

TEST_F(ListCalls, MessagesAreFoundByTheirMedium) {
  post("/api/email/target", R"({"campaignId":5001,"recipientEmail":"ada@b.com"})");
  EXPECT_EQ(sent_to("ada@b.com", "&messageMedium=Email"), 1u);
  EXPECT_EQ(sent_to("ada@b.com", "&messageMedium=Push"), 0u);
  EXPECT_TRUE(
      get("/api/users/getSentMessages", "email=ada@b.com&messageMedium=fax").starts_with("400 "));
}

TEST_F(ListCalls, NobodyIsMailedAtAPlaceholder) {
  post("/api/email/target", R"({"campaignId":5001,"recipientEmail":"X1@Placeholder.email"})");
  EXPECT_EQ(sent_to("x1@placeholder.email"), 0u);
  post("/api/users/update", R"({"userId":"u-1","preferUserId":true})");
  EXPECT_TRUE(post("/api/email/target", R"({"campaignId":5001,"recipientUserId":"u-1"})")
                  .starts_with("200 "));
  EXPECT_EQ(json::parse(get("/api/users/getSentMessages", "userId=u-1").substr(4))["messages"],
            json::array());
}

TEST_F(ListCalls, ATimeThatIsNoneIsRefused) {
  const auto send_at = [&](const std::string& time) {
    return post("/api/email/target",
                R"({"campaignId":5001,"recipientEmail":"ada@b.com","sendAt":")" + time + R"("})");
  };
  EXPECT_EQ(send_at("2026-13-45 99:99:99"),
            R"(400 {"msg":"[/api/email/target] Invalid JSON body","code":"BadJsonBody",)"
            R"("params":{"obj.sendAt":"Date value expected"}})");
  EXPECT_TRUE(send_at("2026-02-30 10:00:00").starts_with("400 "));
  EXPECT_EQ(sent_to("ada@b.com"), 0u);
  EXPECT_TRUE(send_at("2026-02-28 10:00:00").starts_with("200 "));
  EXPECT_EQ(sent_to("ada@b.com"), 1u);
}

TEST_F(ListCalls, OnlyWhatIsGivenOfATemplateChanges) {
  EXPECT_TRUE(post("/api/templates/email/update", R"({"templateId":9001,"subject":"Good day"})")
                  .starts_with("200 "));
  const json row = json::parse(get("/api/templates/email/get", "templateId=9001").substr(4));
  EXPECT_EQ(row["subject"], "Good day");
  EXPECT_EQ(row["html"], "<p>");
  EXPECT_EQ(row["templateId"], 9001);
  EXPECT_TRUE(post("/api/templates/push/update", R"({"templateId":9001})").starts_with("400 "));
  EXPECT_TRUE(post("/api/templates/email/update", R"({"templateId":1})").starts_with("400 "));
  EXPECT_TRUE(post("/api/templates/email/update", R"({"templateId":9001,"messageTypeId":1})")
                  .starts_with("400 "));
  EXPECT_TRUE(post("/api/templates/email/update", R"({"subject":"x"})").starts_with("400 "));
}

TEST_F(ListCalls, MetricsAreNoCampaign) {
  EXPECT_TRUE(get("/api/campaigns/metrics", "campaignId=5001").starts_with("404 "));
}

}  // namespace
}  // namespace sojourn::sandbox
