// A sender that changes only its base URL: what it says goes on to Iterable. A service of the
// test's stands in Iterable's place where a test is about its answers; the sandbox where it is
// about what arrives.

#include <atomic>
#include <csignal>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <thread>
#include <vector>

#include "tests/e2e/service.h"
#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSuccess = R"({"msg":"from Iterable","code":"Success","params":null})";

uv::HttpResponse response(int status, const std::string& body,
                          std::vector<uv::HttpHeader> headers = {}) {
  return uv::HttpResponse{status, body, "application/json", std::move(headers)};
}

// Journeys that send nothing, so that all that Iterable hears is what senders said.
constexpr std::string_view kSilent = R"(
event viewed { page string? }
policy { timezone "UTC" }
journey viewers {
  enter on viewed reenter always
  wait 1d
}
)";

class IntakeForwardTest : public testing::Test {
 protected:
  IntakeForwardTest() {
    project.write("silent.journey", kSilent);
    iterable.answer(response(200, kSuccess));
  }

  void configure(const std::string& mode, int port) {
    ProjectSettings settings;
    settings.iterable_port = port;
    settings.intake = "forward = \"" + mode + "\"";
    project.configure(settings);
  }
  void configure(const std::string& mode) { configure(mode, iterable.port()); }

  static Json view(const std::string& who, const std::string& id) {
    return {{"email", who + "@example.com"}, {"eventName", "viewed"}, {"id", id}};
  }
  static std::int64_t entered(const Daemon& daemon) {
    const Json viewers = journey_in(daemon.status(), "viewers");
    return viewers.is_object() ? viewers.value("entered", 0) : 0;
  }
  std::vector<std::string> bodies() {
    std::vector<std::string> out;
    for (const Service::Seen& seen : iterable.seen()) out.push_back(seen.body);
    return out;
  }
  std::vector<std::string> ids() {
    std::vector<std::string> out;
    for (const std::string& body : bodies()) out.push_back(Json::parse(body).at("id"));
    return out;
  }

  Project project;
  Service iterable;
};

TEST_F(IntakeForwardTest, AskedIterableAnswersAndTheEventIsTakenIfItTookIt) {
  configure("ask");
  Daemon daemon(project, kStart);
  const Answer taken = daemon.post("/api/events/track", view("ada", "e-1"));
  EXPECT_EQ(taken.status, 200);
  EXPECT_EQ(taken.body, kSuccess);
  EXPECT_EQ(entered(daemon), 1);
  ASSERT_EQ(iterable.seen().size(), 1U);
  EXPECT_EQ(iterable.seen()[0].path, "/api/events/track");
  EXPECT_EQ(iterable.seen()[0].body, view("ada", "e-1").dump());

  const std::string refusal = R"({"msg":"no such email","code":"UnknownEmailError","params":{}})";
  iterable.answer(response(400, refusal));
  const Answer refused = daemon.post("/api/events/track", view("bob", "e-2"));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, refusal);
  EXPECT_EQ(entered(daemon), 1);
  EXPECT_FALSE(daemon.report("bob@example.com").contains("id"));
}

TEST_F(IntakeForwardTest, AskedIterablesLimitsAreTheSenders) {
  configure("ask");
  Daemon daemon(project, kStart);
  iterable.answer(response(429, R"({"msg":"","code":"RateLimitExceeded","params":{}})",
                           {{"Retry-After", "17"}}));
  const Answer answer = daemon.post("/api/events/track", view("ada", "e-1"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers.at("retry-after"), "17");
  EXPECT_EQ(entered(daemon), 0);
}

TEST_F(IntakeForwardTest, AskedAndNotReachedNothingIsTakenAndARepeatIsSafe) {
  configure("ask", 1);
  {
    Daemon daemon(project, kStart);
    const Answer answer = daemon.post("/api/events/track", view("ada", "e-1"));
    EXPECT_EQ(answer.status, 503);
    EXPECT_THAT(answer.body, HasSubstr("nothing was taken here"));
    EXPECT_EQ(entered(daemon), 0);
  }
  configure("ask");
  Daemon daemon(project, kStart);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(daemon.post("/api/events/track", view("ada", "e-1")).status, 200);
  }
  EXPECT_EQ(entered(daemon), 1);
}

TEST_F(IntakeForwardTest, AskedOfABulkTheItemsThatIterableTookAreTaken) {
  configure("ask");
  Daemon daemon(project, kStart);
  const std::string partial =
      R"({"successCount":1,"failCount":1,"failedUpdates":{"notFoundEmails":["bob@example.com"]}})";
  iterable.answer(response(200, partial));
  const Json body{{"events", Json::array({view("ada", "e-1"), view("bob", "e-2")})}};
  const Answer answer = daemon.post("/api/events/trackBulk", body);
  EXPECT_EQ(answer.body, partial);
  EXPECT_EQ(entered(daemon), 1);
  EXPECT_FALSE(daemon.report("bob@example.com").contains("id"));
}

// One item may wait, and notices take its place again and again: nothing but their turns makes room
// for what Iterable has taken.
TEST_F(IntakeForwardTest, AskedWhatIterableTookWaitsForRoomBesideNotices) {
  project.write("webhook.key", "a-webhook-key\n");
  ProjectSettings settings;
  settings.iterable_port = iterable.port();
  settings.intake = "forward = \"ask\"\nmax_waiting_items = 1";
  settings.iterable = "[iterable.webhooks]\nkey_file = \"webhook.key\"";
  project.configure(settings);
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();

  std::atomic<bool> is_over = false;
  std::vector<std::thread> tellers;
  for (int i = 0; i < 4; ++i) {
    tellers.emplace_back([&daemon, &is_over] {
      Http http(daemon.port());
      while (!is_over) {
        http.post("/v1/iterable/webhooks",
                  R"({"email":"ada@example.com","eventName":"emailOpen",)"
                  R"("dataFields":{"campaignId":101,"createdAt":"2026-03-01 09:00:00 +00:00"}})",
                  {"Authorization: Basic a-webhook-key"});
      }
    });
  }
  constexpr int kCalls = 20;
  for (int call = 0; call < kCalls; ++call) {
    Json events = Json::array();
    for (const char* who : {"ada", "bob", "cyd"}) {
      const std::string name = fmt::format("{}{}", who, call);
      events.push_back(view(name, name));
    }
    const Answer answer = daemon.post("/api/events/trackBulk", {{"events", events}});
    EXPECT_EQ(answer.status, 200) << "call " << call;
    EXPECT_EQ(answer.body, kSuccess);
    if (answer.status != 200) break;
  }
  is_over = true;
  for (std::thread& teller : tellers) teller.join();
  EXPECT_EQ(entered(daemon), 3 * kCalls);
  EXPECT_EQ(daemon.stop(), 0);
}

TEST_F(IntakeForwardTest, WhatSaysNothingToUsGoesOnAllTheSame) {
  configure("ask");
  Daemon daemon(project, kStart);
  const Json device{{"email", "ada@example.com"}, {"device", {{"token", "t"}}}};
  EXPECT_EQ(daemon.post("/api/users/registerDeviceToken", device).body, kSuccess);
  const Json workflow{{"workflowId", 12}, {"listId", 7}};
  EXPECT_EQ(daemon.post("/api/workflows/triggerWorkflow", workflow).body, kSuccess);
  // Of types that Iterable takes, and we do not.
  const Json mistyped{
      {"email", "ada@example.com"}, {"eventName", "viewed"}, {"dataFields", {{"page", 7}}}};
  EXPECT_EQ(daemon.post("/api/events/track", mistyped).body, kSuccess);
  EXPECT_EQ(entered(daemon), 0);
  EXPECT_EQ(log_lines(daemon.process().err(), "taken_by_iterable_alone").size(), 1U);
  EXPECT_THAT(bodies(), ElementsAre(device.dump(), workflow.dump(), mistyped.dump()));
  EXPECT_EQ(daemon.http().post("/api/users/registerDeviceToken", device.dump(), {}).status, 401);
}

TEST_F(IntakeForwardTest, AskedTheSandboxHasItAndSoHaveWe) {
  Sandbox sandbox(project.folder());
  configure("ask", sandbox.port());
  Daemon daemon(project, kStart);
  const Json user{{"email", "ada@example.com"}, {"dataFields", {{"plan", "pro"}}}};
  const Answer answer = daemon.post("/api/users/update", user);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(daemon.post("/api/events/track", view("ada", "e-1")).status, 200);
  EXPECT_EQ(entered(daemon), 1);
  EXPECT_THAT(sandbox.summary().dump(), HasSubstr(R"("name":"viewed","received":1)"));
}

TEST_F(IntakeForwardTest, QueuedItIsAnsweredWhenDurableAndLeavesInOrder) {
  configure("queue");
  iterable.hold();
  Daemon daemon(project, kStart);
  for (const char* id : {"e-1", "e-2", "e-3"}) {
    const Answer answer = daemon.post("/api/events/track", view("ada", id));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.json().at("params").at("id"), id);
  }
  EXPECT_EQ(daemon.status().at("others").at("events/viewed"), 3);
  ASSERT_TRUE(iterable.wait_for(1));
  EXPECT_THAT(ids(), ElementsAre("e-1")) << "one after another";
  const Finished listed = run_to_end(
      sojourn({"deliveries", "list", "--state", "put_off", "--project", project.folder().string()}),
      project.folder() / "list");
  EXPECT_THAT(listed.out, HasSubstr("/api/events/track"));
  EXPECT_THAT(listed.out, Not(HasSubstr("next")))
      << "what waits for another has no time of its own";
  iterable.release(response(200, kSuccess));
  ASSERT_TRUE(iterable.wait_for(3));
  ASSERT_TRUE(daemon.settle());
  EXPECT_THAT(ids(), ElementsAre("e-1", "e-2", "e-3"));
}

TEST_F(IntakeForwardTest, QueuedItOutlivesTheProcess) {
  configure("queue");
  iterable.hold();
  {
    Daemon daemon(project, kStart, "life0");
    EXPECT_EQ(daemon.post("/api/events/track", view("ada", "e-1")).status, 200);
    EXPECT_EQ(daemon.post("/api/events/track", view("ada", "e-2")).status, 200);
    ASSERT_TRUE(iterable.wait_for(1));
    ASSERT_EQ(daemon.kill9(), -SIGKILL);
  }
  iterable.release(response(200, kSuccess));
  Daemon daemon(project, "2026-03-01T09:00:01Z", "life1");
  ASSERT_TRUE(daemon.settle());
  daemon.run_until("2026-03-01T09:01:00Z");
  EXPECT_THAT(ids(), ElementsAre("e-1", "e-1", "e-2")) << "what may have arrived has its id";
}

TEST_F(IntakeForwardTest, QueuedWhatIterableRefusesLaterIsListed) {
  configure("queue");
  Daemon daemon(project, kStart);
  iterable.answer(response(400, R"({"msg":"no","code":"BadParams","params":null})"));
  EXPECT_EQ(daemon.post("/api/users/update", {{"email", "ada@example.com"}}).status, 200);
  ASSERT_TRUE(daemon.settle());
  const Finished listed =
      run_to_end(sojourn({"deliveries", "list", "--project", project.folder().string()}),
                 project.folder() / "list");
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("/api/users/update"));
  EXPECT_THAT(listed.out, HasSubstr("refused"));
}

}  // namespace
}  // namespace sojourn::e2e
