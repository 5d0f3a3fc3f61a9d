// What Iterable tells by its system webhooks, to the real daemon over HTTP.
#include <csignal>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/project.h"
#include "tests/e2e/system.h"

namespace sojourn::e2e {
namespace {

constexpr const char* kBegin = "2026-03-01T09:00:00Z";
constexpr const char* kPath = "/v1/iterable/webhooks";
constexpr const char* kSecret = "Basic a-webhook-key";

constexpr std::string_view kCatalog = R"(
event trial_started { plan string? }
message_type lifecycle = 41 marketing opt_in channel 31
message_type account   = 43 transactional opt_out
campaign welcome = 101 email lifecycle
campaign receipt = 103 email account
policy { timezone "UTC" }
)";
constexpr std::string_view kJourney = R"(
journey trial {
  owner "lifecycle@example.com"
  enter on trial_started
  send receipt
  send welcome
  wait for opened receipt up to 2d { exit as reader } timeout { exit as silent }
}
)";

class WayBackTest : public testing::Test {
 protected:
  WayBackTest() {
    project.write("catalog.journey", kCatalog);
    project.write("trial.journey", kJourney);
    project.write("webhook.key", "a-webhook-key\n");
    configure("[iterable.webhooks]\nkey_file = \"webhook.key\"\n");
    start();
  }

  void configure(const std::string& webhooks) {
    ProjectSettings settings;
    settings.iterable_port = sandbox.port();
    settings.iterable = webhooks;
    project.configure(settings);
  }
  void start(const std::string& at = kBegin) {
    daemon.reset();
    daemon = std::make_unique<Daemon>(project, at, fmt::format("life{}", ++lives_));
    ASSERT_NE(daemon->port(), 0) << daemon->process().err();
  }

  static Json notice(const std::string& who, const std::string& event, Json data,
                     const std::string& at = "2026-03-01 09:00:00 +00:00") {
    data["createdAt"] = at;
    return {{"email", who}, {"eventName", event}, {"dataFields", std::move(data)}};
  }
  Answer tell(const Json& body, const std::string& authorization = kSecret) {
    return daemon->http().post(kPath, body.dump(), {"Authorization: " + authorization});
  }
  std::string metric(const std::string& name) {
    const std::string text = daemon->http().get("/metrics").body;
    const std::size_t at = text.find("\n" + name + " ");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  // The campaigns of what somebody was sent.
  std::vector<int> received(const std::string& who) {
    std::vector<int> campaigns;
    for (const Json& message : sandbox.messages()) {
      if (message.at("recipientEmail") == who) campaigns.push_back(message.at("campaignId"));
    }
    return campaigns;
  }
  Json exited() { return journey_in(daemon->status(), "trial").at("exited"); }

  Project project;
  Sandbox sandbox{project.folder()};
  std::unique_ptr<Daemon> daemon;

 private:
  int lives_ = 0;
};

// Of what Iterable tells with the one key while the other is being put in its place nothing is
// lost.
TEST_F(WayBackTest, AKeyIsExchangedWithoutAStop) {
  const Json opened = notice("ada@example.com", "emailOpen", {{"campaignId", 103}});
  const auto lines = [&](const char* event) {
    return log_lines(daemon->process().err(), event).size();
  };
  // Once it answers, it has read the keys at its start, and reads them only when it is told to.
  ASSERT_EQ(daemon->http().get("/healthz").status, 200);
  const auto read_anew = [&](const char* keys, const char* said) {
    project.write("webhook.key", keys);
    const std::size_t before = lines(said);
    daemon->process().signal(SIGHUP);
    while (lines(said) == before && daemon->http().get("/healthz").status == 200) {
    }
  };
  read_anew("a\nb\nc\n", "keys_not_read");
  EXPECT_EQ(tell(opened).status, 200) << "the keys of before go on";
  EXPECT_EQ(tell(opened, "Basic a").status, 401);
  read_anew("a-webhook-key\nthe-next-key\n", "keys_read");
  EXPECT_EQ(tell(opened).status, 200);
  EXPECT_EQ(tell(opened, "OAuth2 the-next-key").status, 200);
  read_anew("the-next-key\n", "keys_read");
  EXPECT_EQ(tell(opened).status, 401);
  EXPECT_EQ(tell(opened, "the-next-key").status, 200);
}

TEST_F(WayBackTest, OnlyWhoBringsTheKeyIsLetIn) {
  const Json body = notice("ada@example.com", "emailOpen", {{"campaignId", 103}});
  EXPECT_EQ(tell(body, "Basic wrong").status, 401);
  EXPECT_EQ(tell(body, "").status, 401);
  EXPECT_EQ(daemon->post(kPath, body).status, 401) << "the key of senders is another";
  for (const std::string form : {"Basic a-webhook-key", "OAuth2 a-webhook-key", "a-webhook-key"}) {
    EXPECT_EQ(tell(body, form).status, 200) << form;
  }
  EXPECT_EQ(metric("sojourn_notices_unauthorized_total"), "3");
  EXPECT_EQ(daemon->http().get(kPath).status, 404);
}

TEST_F(WayBackTest, AHeaderOfItsOwnMayBringIt) {
  configure("[iterable.webhooks]\nkey_file = \"webhook.key\"\nheader = \"X-Webhook-Key\"\n");
  start();
  const std::string body = notice("ada@example.com", "emailOpen", {}).dump();
  EXPECT_EQ(daemon->http().post(kPath, body, {"X-Webhook-Key: a-webhook-key"}).status, 200);
  EXPECT_EQ(daemon->http().post(kPath, body, {"Authorization: a-webhook-key"}).status, 401);
}

TEST_F(WayBackTest, WithoutAKeyThereIsNoSuchPath) {
  configure("");
  start();
  const Answer answer = tell(notice("ada@example.com", "emailOpen", {}));
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, testing::HasSubstr("[iterable.webhooks]"));
}

TEST_F(WayBackTest, WhatIsNoNoticeIsRefusedAndWhatIsUnknownIsTaken) {
  const auto post = [&](const std::string& body) {
    return daemon->http().post(kPath, body, {std::string("Authorization: ") + kSecret});
  };
  EXPECT_EQ(post("{").status, 400);
  EXPECT_THAT(post(R"({"email":"a@example.com"})").body, testing::HasSubstr("eventName"));
  EXPECT_EQ(post(R"({"eventName":"carrierPigeonSend","dataFields":{"x":{"y":[1]}}})").status, 200);
  EXPECT_EQ(metric("sojourn_notices_malformed_total"), "2");
  EXPECT_EQ(metric(R"(sojourn_notices_total{event="other",result="unread"})"), "1");
}

TEST_F(WayBackTest, ConsentOfNobodyIsRefusedAndWhatWasPassedOverIsSaidToBe) {
  const Answer refused = tell(notice("not an email", "emailUnSubscribe", {{"channelIds", {31}}}));
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, testing::HasSubstr("found `not an email`"));
  EXPECT_EQ(metric("sojourn_notices_nameless_total"), "1");
  const Json opt_out = notice("ada@example.com ", "emailUnSubscribe", {{"channelIds", {31}}});
  EXPECT_EQ(tell(opt_out).json().at("msg"), "taken");
  EXPECT_EQ(metric("sojourn_tombstones_waiting"), "1");
  EXPECT_EQ(tell(opt_out).json().at("msg"), "taken before");
  const auto told = [&](const Json& body) {
    const Answer answer = tell(body);
    EXPECT_EQ(answer.status, 200);
    return answer.json().at("msg").get<std::string>();
  };
  EXPECT_THAT(told(notice("bob@example.com", "emailOpen", {{"campaignId", 103}})),
              testing::HasSubstr("nobody here is called so"));
  EXPECT_THAT(told(notice("not an email", "emailOpen", {{"campaignId", 103}})),
              testing::HasSubstr("names nobody"));
  EXPECT_THAT(told(notice("ada@example.com", "emailOpen", {{"isBot", true}})),
              testing::HasSubstr("a program"));
  EXPECT_THAT(told(notice("ada@example.com", "carrierPigeonSend", {})),
              testing::HasSubstr("nothing here goes by"));
}

// Somebody unsubscribes in another system before they are a user here: the opt-out outlives a
// kill, and holds when their trial begins, also against a subscription that was said earlier and
// comes later.
TEST_F(WayBackTest, AnOptOutOfSomebodyUnknownHoldsWhenTheirTrialBegins) {
  const Json opt_out = notice("ada@example.com", "emailUnSubscribe",
                              {{"channelIds", {31}}, {"messageTypeIds", Json::array()}});
  EXPECT_EQ(tell(opt_out).status, 200);
  EXPECT_EQ(daemon->kill9(), -SIGKILL);
  start("2026-03-01T20:00:00Z");
  EXPECT_EQ(tell(opt_out).status, 200) << "it comes again";
  EXPECT_EQ(
      tell(notice("ada@example.com", "emailSubscribe",
                  {{"channelIds", {31}}, {"messageTypeIds", {41}}}, "2026-03-01 08:59:00 +00:00"))
          .status,
      200);
  EXPECT_EQ(tell(notice("bob@example.com", "emailSubscribe", {{"messageTypeIds", {41}}})).status,
            200);
  EXPECT_EQ(metric("sojourn_tombstones_waiting"), "2");
  for (const std::string who : {"ada@example.com", "bob@example.com"}) {
    EXPECT_EQ(daemon->track(who, "trial_started", Json::object(), "e-" + who).status, 200);
  }
  ASSERT_TRUE(daemon->settle());
  EXPECT_EQ(received("ada@example.com"), std::vector{103}) << "what is no marketing, only";
  EXPECT_EQ(received("bob@example.com"), (std::vector{103, 101}));
  EXPECT_EQ(metric("sojourn_tombstones_waiting"), "0");
  EXPECT_EQ(metric("sojourn_tombstones_applied_total"), "2");
  EXPECT_EQ(metric(R"(sojourn_forwards_total{outcome="accepted"})"), "1") << "and Iterable is told";
}

TEST_F(WayBackTest, TombstonesAreReportedEachDay) {
  EXPECT_EQ(tell(notice("ada@example.com", "emailUnSubscribe", {{"messageTypeIds", {41}}})).status,
            200);
  daemon->jump_to("2026-03-02T09:00:00Z");
  ASSERT_TRUE(daemon->settle());
  const auto lines = log_lines(daemon->process().err(), "consent_report");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].at("detail"), "tombstones: kept=1 (+1) applied=0 (+0) waiting=1");
}

TEST_F(WayBackTest, AnOpeningMovesAPersonAndARepeatDoesNot) {
  EXPECT_EQ(daemon->track("ada@example.com", "trial_started", Json::object(), "e-1").status, 200);
  ASSERT_TRUE(daemon->settle());
  const Json opened =
      notice("ada@example.com", "emailOpen", {{"campaignId", 103}, {"messageId", "m1"}});
  EXPECT_EQ(tell(opened).status, 200);
  EXPECT_EQ(tell(opened).status, 200);
  EXPECT_EQ(exited(), (Json{{"reader", 1}}));
  EXPECT_EQ(metric(R"(sojourn_notices_total{event="emailOpen",result="taken"})"), "1");
  EXPECT_EQ(metric(R"(sojourn_notices_total{event="emailOpen",result="repeated"})"), "1");
}

TEST_F(WayBackTest, ASendNoticeWithTheKeySparesALookUpAndADouble) {
  sandbox.misbehave({"POST /api/email/target every 1 accept_then_reset",
                     "GET /api/users/getSentMessages every 1 404"});
  EXPECT_EQ(daemon->track("ada@example.com", "trial_started", Json::object(), "e-1").status, 200);
  ASSERT_TRUE(sandbox.wait_for(1));
  ASSERT_TRUE(daemon->settle());
  const Json message = sandbox.messages().at(0);
  EXPECT_EQ(tell(notice("ada@example.com", "emailSend",
                        {{"campaignId", 103},
                         {"messageId", "m1"},
                         {"transactionalData", {{"sojournMessageKey", message.at("messageKey")}}}}))
                .status,
            200);
  ASSERT_TRUE(daemon->run_to_the_end());
  EXPECT_EQ(received("ada@example.com"), std::vector{103});
  EXPECT_EQ(sandbox.summary().at("repeats"), 0);
  EXPECT_EQ(log_lines(daemon->process().err(), "may_be_doubled").size(), 0U);
}

TEST_F(WayBackTest, AHardBounceEndsAllMail) {
  EXPECT_EQ(tell(notice("ada@example.com", "emailBounce",
                        {{"campaignId", 9}, {"messageId", "m1"}, {"recipientState", "HardBounce"}}))
                .status,
            200);
  EXPECT_EQ(daemon->track("ada@example.com", "trial_started", Json::object(), "e-1").status, 200);
  ASSERT_TRUE(daemon->settle());
  EXPECT_TRUE(received("ada@example.com").empty());
  EXPECT_EQ(metric(R"(sojourn_suppressed_total{medium="email",reason="hard_bounce"})"), "1");
}

}  // namespace
}  // namespace sojourn::e2e
