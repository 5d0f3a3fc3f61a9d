// Journeys that ask a service of ours: a real daemon, and a real server that answers,
// refuses, keeps silent, and outlives the daemon.

#include <csignal>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/e2e/project.h"
#include "tests/e2e/service.h"
#include "tests/e2e/system.h"

namespace sojourn::e2e {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kStart = "2026-03-01T09:00:00Z";
constexpr const char* kSecret = "canary-8f41c0";
constexpr int kMostPolls = 60'000;  // of a millisecond

constexpr const char* kJourneys = R"(
event signup { plan string }
event hello
message_type account = 1 transactional opt_out
campaign offer = 101 email account { data { score integer } }
campaign plain = 102 email account
webhook scoring = "https://scores.example.com/one" {
  secret  scoring_key
  timeout TIMEOUT
  returns { score integer }
}
policy { timezone user.timeZone default "UTC" }

journey scored {
  owner "lifecycle@example.com"
  enter on signup
  call scoring with { plan: entry.plan } as reply up to UP_TO {
    send offer with { score: reply.score }
  } else {
    send plain
  }
}

journey greeted {
  owner "lifecycle@example.com"
  enter on hello
  send plain
}
)";

uv::HttpResponse response(int status, std::string body, std::vector<uv::HttpHeader> headers = {}) {
  return {status, std::move(body), "application/json", std::move(headers)};
}

class WebhookTest : public testing::Test {
 protected:
  WebhookTest() {
    write_journeys("10s", "30s");
    project.write("scoring.key", std::string(kSecret) + "\n");
    configure(fmt::format(R"([webhooks]
allow_private = ["127.0.0.1:{}"]
[webhooks.urls]
scoring = "http://127.0.0.1:{}/one?v=1"
[webhooks.secrets.scoring_key]
key_file = "scoring.key")",
                          service.port(), service.port()));
  }

  void write_journeys(const std::string& timeout, const std::string& up_to) {
    std::string text = kJourneys;
    text.replace(text.find("TIMEOUT"), 7, timeout);
    text.replace(text.find("UP_TO"), 5, up_to);
    project.write("scored.journey", text);
  }
  void configure(const std::string& webhooks) {
    ProjectSettings settings;
    settings.iterable_port = sandbox.port();
    settings.more = webhooks;
    project.configure(settings);
  }
  static void sign_up(Daemon& daemon) {
    ASSERT_NE(daemon.port(), 0) << daemon.process().err();
    ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  }
  // The campaigns that Iterable was asked for, in order.
  std::vector<int> campaigns() {
    std::vector<int> ids;
    for (const Json& message : sandbox.messages()) ids.push_back(message.at("campaignId"));
    return ids;
  }
  static Json calls(const Daemon& daemon) {
    const Json status = daemon.status();
    for (const Json& webhook : status.at("webhooks")) {
      if (webhook.at("webhook") == "scoring") return webhook.at("calls");
    }
    return {};
  }
  static std::vector<std::string> log_of(const Json& report) {
    std::vector<std::string> lines;
    for (const Json& line : report.at("log")) {
      lines.push_back(line.at("what").get<std::string>() + " " + line.value("detail", ""));
    }
    return lines;
  }
  // On the real clock: until the person's log has such a line.
  static bool wait_for_log(const Daemon& daemon, const std::string& what) {
    for (int poll = 0; poll < kMostPolls; ++poll) {
      const Json report = daemon.report("ada@example.com");
      if (report.is_null()) return false;
      for (const Json& line : report.at("log")) {
        if (line.at("what") == what) return true;
      }
      usleep(1'000);
    }
    return false;
  }
  Finished run_refused() {
    return run_to_end(sojourn({"run", "--project", project.folder().string()}),
                      project.folder() / "refused");
  }

  Service service;
  Project project;
  Sandbox sandbox{project.folder()};
};

TEST_F(WebhookTest, IsAskedOnceAndItsAnswerGoesOnWithThePerson) {
  service.answer(response(200, R"({"score":77,"more":[1,2]})"));
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon));
  ASSERT_TRUE(daemon.run_to_the_end());
  const auto seen = service.seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].method, "POST");
  EXPECT_EQ(seen[0].path, "/one");
  EXPECT_EQ(seen[0].body, R"({"plan":"pro"})");
  EXPECT_EQ(seen[0].authorization, std::string("Bearer ") + kSecret);
  EXPECT_THAT(log_of(daemon.user("ada@example.com")), Contains("called " + seen[0].key));
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].at("campaignId"), 101);
  EXPECT_EQ(calls(daemon), (Json{{"planned", 1}, {"answered", 1}}));
}

TEST_F(WebhookTest, ItsSecretIsNowhere) {
  service.answer(response(500, "no"));
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon));
  ASSERT_TRUE(daemon.run_to_the_end());
  EXPECT_THAT(daemon.user("ada@example.com").dump(), Not(HasSubstr(kSecret)));
  EXPECT_THAT(daemon.status().dump(), Not(HasSubstr(kSecret)));
  EXPECT_THAT(daemon.http().get("/metrics").body, Not(HasSubstr(kSecret)));
  EXPECT_EQ(daemon.stop(), 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(project.folder())) {
    if (!entry.is_regular_file() || entry.path().filename() == "scoring.key") continue;
    EXPECT_THAT(read_file(entry.path()), Not(HasSubstr(kSecret))) << entry.path();
  }
}

TEST_F(WebhookTest, ThatRefusesIsTakenAtItsWord) {
  service.answer(response(404, R"({"score":77})"));
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon));
  ASSERT_TRUE(daemon.run_to_the_end());
  EXPECT_EQ(service.seen().size(), 1U);
  EXPECT_EQ(campaigns(), (std::vector<int>{102}));
  EXPECT_EQ(calls(daemon), (Json{{"planned", 1}, {"refused", 1}}));
  EXPECT_THAT(log_of(daemon.user("ada@example.com")), Contains("call_ended refused: status 404"));
}

TEST_F(WebhookTest, ThatAnswersSomethingElseHasFailed) {
  service.answer(response(200, R"({"score":"high"})"));
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon));
  ASSERT_TRUE(daemon.run_to_the_end());
  EXPECT_EQ(campaigns(), (std::vector<int>{102}));
  EXPECT_EQ(calls(daemon), (Json{{"planned", 1}, {"wrong_answer", 1}}));
}

TEST_F(WebhookTest, ThatSendsUsElsewhereIsNotFollowed) {
  service.answer(
      response(307, "", {{"Location", fmt::format("http://127.0.0.1:{}/two", service.port())}}));
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon));
  ASSERT_TRUE(daemon.run_to_the_end());
  EXPECT_EQ(service.seen().size(), 1U);
  EXPECT_EQ(calls(daemon), (Json{{"planned", 1}, {"redirected", 1}}));
}

TEST_F(WebhookTest, ThatIsBusyIsAskedAgainUnderTheSameKey) {
  service.answer(response(503, "", {{"Retry-After", "5"}}));
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon));
  const auto clock = daemon.settle();
  ASSERT_TRUE(clock && clock->next_due);
  service.answer(response(200, R"({"score":5})"));
  daemon.run_until("2026-03-01T09:00:04.999Z");
  EXPECT_EQ(service.seen().size(), 1U);
  ASSERT_TRUE(daemon.run_to_the_end());
  const auto seen = service.seen();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[1].key, seen[0].key);
  EXPECT_EQ(seen[1].body, seen[0].body);
  EXPECT_EQ(campaigns(), (std::vector<int>{101}));
}

TEST_F(WebhookTest, ThatKeepsSilentIsGivenUpWhenTheTimeIsOver) {
  write_journeys("1s", "2s");
  service.hold();
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon));
  ASSERT_TRUE(daemon.run_to_the_end());
  EXPECT_EQ(campaigns(), (std::vector<int>{102}));
  EXPECT_GE(service.seen().size(), 1U);
  EXPECT_THAT(log_of(daemon.user("ada@example.com")), Contains(HasSubstr("timeout_after_send")));
}

TEST_F(WebhookTest, ALateAnswerIsLoggedAndChangesNothing) {
  write_journeys("60s", "1s");
  service.hold();
  Daemon daemon(project, "");
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon));
  ASSERT_TRUE(service.wait_for(1));
  ASSERT_TRUE(wait_for_log(daemon, "exited"));
  service.release(response(200, R"({"score":77})"));
  ASSERT_TRUE(wait_for_log(daemon, "answered_late"));
  EXPECT_EQ(service.seen().size(), 1U);
  EXPECT_EQ(campaigns(), (std::vector<int>{102}));
  EXPECT_EQ(calls(daemon), (Json{{"planned", 1}, {"answered_late", 1}}));
}

TEST_F(WebhookTest, ThatKeepsSilentHoldsUpNobodyElse) {
  service.hold();
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  for (int i = 0; i < 40; ++i) {
    ASSERT_EQ(
        daemon.track(fmt::format("u{}@example.com", i), "signup", {{"plan", "pro"}}, "").status,
        200);
  }
  ASSERT_TRUE(service.wait_for(16));
  ASSERT_EQ(daemon.track("ada@example.com", "hello", Json::object(), "h-1").status, 200);
  EXPECT_TRUE(sandbox.wait_for(1));
  EXPECT_EQ(campaigns(), (std::vector<int>{102}));
  EXPECT_EQ(service.seen().size(), 16U) << "no more than max_in_doubt are under way to a host";
  service.release(response(200, R"({"score":1})"));
  ASSERT_TRUE(daemon.run_to_the_end());
  EXPECT_EQ(campaigns().size(), 41U);
  EXPECT_EQ(calls(daemon).value("answered", 0), 40);
}

TEST_F(WebhookTest, AKillBetweenClaimAndAnswerAsksAgainUnderTheSameKey) {
  service.hold();
  {
    Daemon daemon(project, kStart);
    ASSERT_NO_FATAL_FAILURE(sign_up(daemon));
    ASSERT_TRUE(service.wait_for(1));
    EXPECT_EQ(daemon.kill9(), -SIGKILL);
  }
  service.release(response(200, R"({"score":9})"));
  Daemon daemon(project, kStart, "second");
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  ASSERT_TRUE(daemon.run_to_the_end());
  const auto seen = service.seen();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[1].key, seen[0].key);
  EXPECT_EQ(seen[1].body, seen[0].body);
  EXPECT_EQ(campaigns(), (std::vector<int>{101}));
  EXPECT_EQ(calls(daemon), (Json{{"planned", 1}, {"answered", 1}}));
}

TEST_F(WebhookTest, ThatIsNotAllowedKeepsTheDaemonFromStarting) {
  configure("");
  Finished refused = run_refused();
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err,
              HasSubstr("webhook `scoring`, called by journey `scored`, is on the host "
                        "`scores.example.com:443`, which sojourn.toml does not allow"));
  configure("[webhooks]\nallow = [\"scores.example.com\"]");
  refused = run_refused();
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("needs the secret `scoring_key`"));
  configure("[webhooks.urls]\nscorin = \"https://scores.example.com\"");
  refused = run_refused();
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("the webhook `scorin`, which is not declared"));
  EXPECT_EQ(service.seen().size(), 0U);
}

}  // namespace
}  // namespace sojourn::e2e
