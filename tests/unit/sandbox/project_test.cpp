// The declared project: what its file may say, and what the read endpoints list of it.
#include "sandbox/project.h"

#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

using nlohmann::json;

constexpr const char* kTeam = R"({
  "type": "hybrid",
  "channels": [{"id": 31, "name": "Marketing", "channelType": "Marketing", "messageMedium": "Email"}],
  "messageTypes": [{"id": 41, "name": "News", "channelId": 31, "subscriptionPolicy": "OptIn"}],
  "lists": [{"id": 700, "name": "Trial users"}],
  "templates": [{"templateId": 9001, "name": "Welcome", "messageTypeId": 41,
                 "messageMedium": "Email", "clientTemplateId": "welcome",
                 "content": {"subject": "Hello"}}],
  "campaigns": [
    {"id": 5001, "name": "Welcome 1", "messageMedium": "Email", "templateId": 9001},
    {"id": 5002, "name": "A blast", "type": "Blast", "campaignState": "Finished",
     "messageMedium": "Email", "templateId": 9001},
    {"id": 5003, "name": "Another", "messageMedium": "Email"}],
  "userFields": {"plan": "string", "seats": "long"}
})";

class ProjectTest : public ServiceTest {
 protected:
  ProjectTest() { open(":memory:", {.project = kTeam}); }

  json get(std::string_view path, std::string_view query = {}) {
    const Reply reply = service->handle({"GET", path, query, "secret", {}}, now);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return json::parse(reply.body);
  }
  int status(std::string_view path, std::string_view query = {}) {
    return service->handle({"GET", path, query, "secret", {}}, now).status;
  }
};

std::string fault(std::string_view text) {
  const auto project = Project::parse(text, "team.json");
  return project ? "" : project.error().message;
}

TEST_F(ProjectTest, ListsItsCampaigns) {
  const json body = get("/api/campaigns");
  EXPECT_EQ(body["totalCampaignsCount"], 3);
  EXPECT_FALSE(body.contains("nextPageUrl"));
  EXPECT_EQ(body["campaigns"][0],
            json::parse(R"({"id":5001,"name":"Welcome 1","messageMedium":"Email",
              "templateId":9001,"type":"Triggered","campaignState":"Running",
              "createdAt":1735689600000,"updatedAt":1735689600000,
              "createdByUserId":"team@example.com"})"));
  EXPECT_EQ(get("/api/campaigns", "campaignState=Finished")["campaigns"][0]["id"], 5002);
}

TEST_F(ProjectTest, ListsPageByPage) {
  json page = get("/api/campaigns", "pageSize=2&sort=-id");
  EXPECT_EQ(page["campaigns"][0]["id"], 5003);
  EXPECT_EQ(page["nextPageUrl"], "/api/campaigns?page=2&pageSize=2&sort=-id");
  page = get("/api/campaigns", "page=2&pageSize=2&sort=-id");
  ASSERT_EQ(page["campaigns"].size(), 1u);
  EXPECT_EQ(page["campaigns"][0]["id"], 5001);
  EXPECT_EQ(page["previousPageUrl"], "/api/campaigns?page=1&pageSize=2&sort=-id");
  EXPECT_TRUE(get("/api/campaigns", "page=9223372036854775807")["campaigns"].empty());
  EXPECT_EQ(status("/api/campaigns", "page=0"), 400);
  EXPECT_EQ(status("/api/campaigns", "pageSize=1001"), 400);
}

TEST_F(ProjectTest, ShowsOneCampaign) {
  EXPECT_EQ(get("/api/campaigns/5003")["name"], "Another");
  EXPECT_EQ(status("/api/campaigns/42"), 404);
  EXPECT_EQ(status("/api/campaigns/x"), 400);
}

TEST_F(ProjectTest, ListsWhatMessagesBelongTo) {
  EXPECT_EQ(get("/api/channels"),
            json::parse(R"({"channels":[{"id":31,"name":"Marketing","channelType":"Marketing",
              "messageMedium":"Email"}]})"));
  EXPECT_EQ(get("/api/messageTypes")["messageTypes"][0]["subscriptionPolicy"], "OptIn");
  EXPECT_EQ(get("/api/lists")["lists"][0]["listType"], "Standard");
}

TEST_F(ProjectTest, ShowsTemplatesWithAndWithoutTheirContent) {
  const json listed = get("/api/templates", "messageMedium=Email")["templates"][0];
  EXPECT_EQ(listed["templateId"], 9001);
  EXPECT_FALSE(listed.contains("content"));
  const json whole = get("/api/templates/email/get", "templateId=9001");
  EXPECT_EQ(whole["subject"], "Hello");
  EXPECT_EQ(whole["metadata"]["name"], "Welcome");
  EXPECT_EQ(status("/api/templates/push/get", "templateId=9001"), 400);
  EXPECT_EQ(ask("GET", "/api/templates/email/get"), R"(400 {"msg":"Invalid value for templateId",)"
                                                    R"("code":"BadParams","params":null})");
  EXPECT_EQ(get("/api/templates/getByClientTemplateId",
                "clientTemplateId=welcome")["templates"][0]["templateId"],
            9001);
}

TEST_F(ProjectTest, ListsTheFieldsOfUsers) {
  post("/api/users/update", R"({"email":"ada@example.com","dataFields":{"trial":true}})");
  const json fields = get("/api/users/getFields")["fields"];
  EXPECT_EQ(fields["plan"], "string");
  EXPECT_EQ(fields["seats"], "long");
  EXPECT_EQ(fields["trial"], "boolean");
  EXPECT_EQ(fields["email"], "string");
}

TEST_F(ProjectTest, HoldsValuesAgainstTheDeclaredTypes) {
  EXPECT_TRUE(post("/api/users/update", R"({"email":"a@example.com","dataFields":{"seats":"x"}})")
                  .find("RequestFieldsTypesMismatched") != std::string::npos);
}

TEST_F(ProjectTest, SendsItsTriggeredCampaignsOnly) {
  const auto send = [this](int campaign) {
    return post("/api/email/target", R"({"recipientEmail":"ada@example.com","campaignId":)" +
                                         std::to_string(campaign) + "}")
        .substr(0, 3);
  };
  EXPECT_EQ(send(5001), "200");
  EXPECT_EQ(send(5002), "400");
  EXPECT_EQ(send(42), "400");
}

TEST(ProjectFile, IsCheckedWithThePlaceOfWhatIsWrong) {
  EXPECT_EQ(fault("[]"), "project `team.json`: it is not a JSON object");
  EXPECT_EQ(fault(R"({"campaign":[]})"), "project `team.json`: nothing is called `campaign`");
  EXPECT_EQ(fault(R"({"lists":[{"id":1,"name":"a"},{"id":"2","name":"b"}]})"),
            "project `team.json`: `lists[1]` has no whole number `id`");
  EXPECT_EQ(fault(R"({"lists":[{"id":1,"name":"a"},{"id":1,"name":"b"}]})"),
            "project `team.json`: `lists` has 1 twice");
  EXPECT_EQ(fault(R"({"campaigns":[{"id":1,"name":"a","messageMedium":"Email","templateId":7}]})"),
            "project `team.json`: `campaigns` 1 names templateId 7, which is not in `templates`");
  EXPECT_EQ(fault(R"({"userFields":{"plan":"text"}})"),
            "project `team.json`: the type of `userFields.plan` is none of Iterable's");
  EXPECT_EQ(fault(R"({"type":"none"})"),
            "project `team.json`: `type` is not one of email, userId and hybrid");
  EXPECT_EQ(fault("{}"), "");
}

TEST(ProjectFile, IsNotNeeded) {
  const Project small = Project::small();
  EXPECT_TRUE(small.open());
  EXPECT_TRUE(campaign_facts(small, 7).has_value());
  const auto news = campaign_facts(small, 900042);
  ASSERT_TRUE(news.has_value());
  EXPECT_TRUE(news->opt_in);
  EXPECT_EQ(news->template_name, "Monthly news");
}

}  // namespace
}  // namespace sojourn::sandbox
