#include "sandbox/control.h"

#include "sandbox/misbehaviour.h"
#include "sandbox/webhook_sender.h"
#include "tests/unit/sandbox/service_fixture.h"

namespace sojourn::sandbox {
namespace {

class ControlTest : public ServiceTest {
 protected:
  std::string page(std::string_view path, std::string_view query = {},
                   std::string_view method = "GET", std::string_view body = {}) {
    const Reply reply = handle_control(*inbox, misbehaviour, {}, {method, path, query, {}, body});
    return std::to_string(reply.status) + " " + reply.body;
  }
  void send(const std::string& email, const std::string& key, int campaign = 1001) {
    post("/api/email/target", R"({"campaignId":)" + std::to_string(campaign) +
                                  R"(,"recipientEmail":")" + email +
                                  R"(","dataFields":{"sojournMessageKey":")" + key + R"("}})");
  }
  // The places of the messages on a page, and its `next`.
  std::string places(std::string_view query) {
    std::string out;
    const std::string text = page("/sandbox/messages", query);
    for (std::size_t at = 0; (at = text.find("\"sequence\":", at)) != std::string::npos; ++at) {
      out += text.substr(at + 11, text.find(',', at) - at - 11) + " ";
    }
    return out + "next " +
           text.substr(text.find("\"next\":") + 7, text.rfind('}') - text.find("\"next\":") - 7);
  }

  Misbehaviour misbehaviour{1, {}};
};

TEST_F(ControlTest, ShowsAMessage) {
  send("Ada@Example.com", "k1");
  EXPECT_EQ(page("/sandbox/messages"),
            R"(200 {"messages":[{"sequence":1,"time":"2026-03-01T09:00:00Z","medium":"email",)"
            R"("campaignId":1001,"recipientEmail":"Ada@Example.com","messageKey":"k1","copy":1,)"
            R"("copies":1,"dataFields":{"sojournMessageKey":"k1"}}],"next":null})"
            "\n");
}

TEST_F(ControlTest, ShowsAMessageThatIsNotOurs) {
  post("/api/sms/target", R"({"campaignId":7,"recipientUserId":"u"})");
  EXPECT_EQ(page("/sandbox/messages"),
            R"(200 {"messages":[{"sequence":1,"time":"2026-03-01T09:00:00Z","medium":"sms",)"
            R"("campaignId":7,"recipientUserId":"u","messageKey":null,"copy":1,"copies":1,)"
            R"("dataFields":{}}],"next":null})"
            "\n");
}

TEST_F(ControlTest, CountsTheCopiesOfAMessage) {
  send("ada@example.com", "k1");
  send("ada@example.com", "k1");
  const std::string text = page("/sandbox/messages", "key=k1");
  EXPECT_TRUE(text.find(R"("copy":1,"copies":2)") != std::string::npos) << text;
  EXPECT_TRUE(text.find(R"("copy":2,"copies":2)") != std::string::npos) << text;
}

TEST_F(ControlTest, FindsMessagesByKeyEmailAndUser) {
  send("ada@example.com", "k1");
  send("bob@example.com", "k2");
  send("ada@example.com", "k3");
  post("/api/sms/target", R"({"campaignId":7,"recipientUserId":"u"})");
  EXPECT_EQ(places("key=k2"), "2 next null");
  EXPECT_EQ(places("email=ADA%40example.com"), "1 3 next null");
  EXPECT_EQ(places("email=ada@example.com&key=k3"), "3 next null");
  EXPECT_EQ(places("user_id=u"), "4 next null");
  EXPECT_EQ(places("key=nothing"), "next null");
}

TEST_F(ControlTest, ShowsMessagesPageByPage) {
  for (int i = 0; i < 5; ++i) send("ada@example.com", "k" + std::to_string(i));
  EXPECT_EQ(places("limit=2"), "1 2 next 2");
  EXPECT_EQ(places("limit=2&after=2"), "3 4 next 4");
  EXPECT_EQ(places("limit=2&after=4"), "5 next null");
  EXPECT_EQ(places("limit=0"), "next null");
}

TEST_F(ControlTest, RefusesNumbersThatAreNone) {
  EXPECT_EQ(page("/sandbox/messages", "limit=many"),
            "400 {\"error\":\"`limit` is a number from 0 to 1000, found `many`\"}\n");
  EXPECT_TRUE(page("/sandbox/messages", "limit=1001").starts_with("400 "));
  EXPECT_TRUE(page("/sandbox/messages", "after=-1").starts_with("400 "));
}

TEST_F(ControlTest, SumsUp) {
  send("ada@example.com", "k1", 1);
  send("ada@example.com", "k1", 1);
  send("ada@example.com", "k2", 2);
  post("/api/events/track", R"({"userId":"u","eventName":"login"})");
  post("/api/users/update", R"({"userId":"u","dataFields":{"a":1}})");
  post("/api/workflows/triggerWorkflow", R"({"userId":"u","workflowId":7})");
  EXPECT_EQ(page("/sandbox/summary"),
            R"(200 {"received":3,"repeats":1,"messages":[)"
            R"({"medium":"email","campaignId":1,"received":2,"repeats":1},)"
            R"({"medium":"email","campaignId":2,"received":1,"repeats":0}],)"
            R"("events":[{"name":"login","received":1,"repeats":0}],)"
            R"("updates":[{"by":"users/update","received":1}],"notices":[],)"
            R"("calls":[{"by":"workflows/triggerWorkflow 7","received":1}]})"
            "\n");
}

TEST_F(ControlTest, TellsNobodyOfItselfThatTellsNobody) {
  EXPECT_EQ(page("/sandbox/webhooks", "", "POST", R"({"url":"http://127.0.0.1:1/hooks"})"),
            "409 {\"error\":\"this sandbox tells nobody\","
            "\"hint\":\"start it with --webhooks URL\"}\n");
}

TEST_F(ControlTest, ChangesTheMisbehaviour) {
  EXPECT_EQ(page("/sandbox/misbehave", "", "POST",
                 R"({"rules":["POST /api/*/target 100% 500"],"seed":7})"),
            R"(200 {"seed":7,"rules":[{"rule":"POST /api/*/target 100% 500","matched":0,"hit":0}]})"
            "\n");
  EXPECT_EQ(misbehaviour.next("POST", "/api/email/target").status, 500);
  EXPECT_EQ(page("/sandbox/misbehave"),
            R"(200 {"seed":7,"rules":[{"rule":"POST /api/*/target 100% 500","matched":1,"hit":1}]})"
            "\n");
  EXPECT_EQ(page("/sandbox/misbehave", "", "POST", R"({"rules":[]})"),
            "200 {\"seed\":7,\"rules\":[]}\n");
  EXPECT_EQ(misbehaviour.next("POST", "/api/email/target").status, 0);
}

TEST_F(ControlTest, KeepsTheRulesWhenNewOnesAreWrong) {
  page("/sandbox/misbehave", "", "POST", R"({"rules":["* /api/* 100% 500"]})");
  for (const std::string& bad :
       {std::string("{"), std::string("[]"), std::string("{}"), std::string(R"({"rules":[7]})"),
        std::string(R"({"rules":["nonsense"]})"), std::string(R"({"rules":[],"seed":"x"})"),
        R"({"rules":[)" + std::string(100'000, '[')}) {
    EXPECT_TRUE(page("/sandbox/misbehave", "", "POST", bad).starts_with("400 "))
        << bad.substr(0, 40);
  }
  EXPECT_EQ(misbehaviour.reports().size(), 1u);
}

TEST_F(ControlTest, KnowsNoOtherPages) {
  EXPECT_TRUE(page("/sandbox/nothing").starts_with("404 "));
  EXPECT_TRUE(page("/sandbox/messages", "", "DELETE").starts_with("404 "));
}

}  // namespace
}  // namespace sojourn::sandbox
