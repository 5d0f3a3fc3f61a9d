// What leaves and what does not: the environment's `only_to`, and an Iterable that
// is slow, full, broken, or cuts the connection.

#include <gmock/gmock.h>
#include <set>

#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::HasSubstr;

class DeliveryTest : public WelcomeTest {
 protected:
  // Signs a person up for the journey, and lets everything happen until `kBranch`.
  void send_hello(Daemon& daemon) {
    ASSERT_NE(daemon.port(), 0) << daemon.process().err();
    ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
    daemon.run_until("2026-03-03T08:59:59Z");
  }

  static std::vector<std::string> words_in_log(const Json& report) {
    std::vector<std::string> words;
    for (const Json& line : report.at("log")) words.push_back(line.at("what"));
    return words;
  }

  static Json hello_counts(const Daemon& daemon) {
    return journey_in(daemon.status(), "welcome").at("messages").at(0);
  }
};

TEST_F(DeliveryTest, OnlyToLetsNothingElseLeave) {
  ProjectSettings settings;
  settings.more = R"(only_to = ["*@example.com"])";
  configure(settings);
  Daemon daemon(project, kStart);
  send_hello(daemon);
  ASSERT_EQ(daemon.track("eve@elsewhere.net", "signup", {{"plan", "pro"}}, "e-2").status, 200);
  const Json by_id{{"userId", "u-9"}, {"eventName", "signup"}, {"dataFields", {{"plan", "pro"}}}};
  ASSERT_EQ(daemon.post("/api/events/track", by_id).status, 200);
  ASSERT_TRUE(daemon.run_to_the_end());

  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 2U);
  for (const Json& message : messages) EXPECT_EQ(message.at("recipientEmail"), "ada@example.com");
  EXPECT_EQ(
      hello_counts(daemon),
      (Json{
          {"campaign", "hello"}, {"planned", 3}, {"accepted", 1}, {"skipped", {{"only_to", 2}}}}));
}

TEST_F(DeliveryTest, AnEnvironmentHasIdsOfItsOwnAndLetsOthersHearNothing) {
  ProjectSettings settings;
  settings.iterable = R"(
[env.staging]
only_to = ["ada@example.com"]
[env.staging.campaigns]
hello = 9101
)";
  configure(settings);
  Daemon daemon(project, kStart, "staging", {"--env", "staging"});
  send_hello(daemon);
  ASSERT_EQ(daemon.track("bob@example.com", "signup", {{"plan", "pro"}}, "e-2").status, 200);
  ASSERT_TRUE(daemon.settle());
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].at("recipientEmail"), "ada@example.com");
  EXPECT_EQ(messages[0].at("campaignId"), 9101);
}

TEST_F(DeliveryTest, AServerErrorIsTriedAgainUnderTheSameKey) {
  sandbox.misbehave({"POST /api/email/target every 1 500"});
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  const auto clock = daemon.settle();
  ASSERT_TRUE(clock && clock->next_due) << "a second attempt is planned";
  const std::string key = daemon.user("ada@example.com").at("deliveries").at(0).at("key");
  EXPECT_EQ(sandbox.messages().size(), 0U);

  sandbox.misbehave({});
  daemon.run_until("2026-03-01T10:00:00Z");
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].at("messageKey"), key);
  EXPECT_THAT(words_in_log(daemon.user("ada@example.com")),
              testing::ElementsAre("event", "entered", "claimed", "retried", "claimed", "accepted",
                                   "waits"));
  EXPECT_EQ(log_lines(daemon.process().err(), "in_doubt").size(), 0U);
}

TEST_F(DeliveryTest, NothingLeavesBeforeTheRetryAfterOfA429) {
  sandbox.misbehave({"POST /api/email/target every 1 429 retry-after 120"});
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(daemon.settle());
  sandbox.misbehave({});
  ASSERT_EQ(daemon.track("bob@example.com", "signup", {{"plan", "pro"}}, "e-2").status, 200);
  daemon.run_until("2026-03-01T09:01:59.999Z");
  EXPECT_EQ(sandbox.messages().size(), 0U);
  daemon.run_until("2026-03-01T10:00:00Z");
  EXPECT_EQ(sandbox.messages().size(), 2U);
  EXPECT_EQ(sandbox.summary().at("repeats"), 0);
}

TEST_F(DeliveryTest, WithoutLookUpsAnAnswerThatNeverCameIsListedAndMayDoubleUnderOneKey) {
  ProjectSettings settings;
  settings.iterable = "look_up_after_seconds = 0";
  configure(settings);
  sandbox.misbehave({"POST /api/email/target every 1 accept_then_reset"});
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(daemon.settle());
  sandbox.misbehave({});
  daemon.run_until("2026-03-01T10:00:00Z");

  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 2U);
  const std::string key = messages[0].at("messageKey");
  EXPECT_EQ(messages[1].at("messageKey"), key);
  EXPECT_EQ(messages[1].at("copies"), 2);
  const auto doubts = log_lines(daemon.process().err(), "in_doubt");
  ASSERT_EQ(doubts.size(), 1U);
  EXPECT_THAT(doubts[0].at("detail"), HasSubstr(key));
  EXPECT_EQ(hello_counts(daemon).at("accepted"), 1);
}

TEST_F(DeliveryTest, AtMostOnceIsNotTriedAgainWhenTheAnswerNeverCame) {
  std::string catalog(kWelcomeCatalog);
  const std::string contract = "{ data { plan string } }";
  catalog.replace(catalog.find(contract), contract.size(),
                  "{ data { plan string } delivery at_most_once }");
  project.write("catalog.journey", catalog);
  sandbox.misbehave({"POST /api/email/target every 1 accept_then_reset",
                     "GET /api/users/getSentMessages every 1 404"});
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(send_hello(daemon));
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].at("copies"), 1);
  EXPECT_EQ(hello_counts(daemon).at("skipped"), (Json{{"unknown", 1}}));
  EXPECT_EQ(log_lines(daemon.process().err(), "in_doubt").size(), 1U);
}

TEST_F(DeliveryTest, ARefusalForGoodIsCountedAndTheJourneyGoesOn) {
  sandbox.misbehave({"POST /api/email/target every 1 400"});
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(send_hello(daemon));
  EXPECT_EQ(hello_counts(daemon).at("skipped"), (Json{{"refused", 1}}));
  EXPECT_EQ(log_lines(daemon.process().err(), "rejected").size(), 1U);
  sandbox.misbehave({});
  ASSERT_TRUE(daemon.run_to_the_end());
  EXPECT_EQ(sandbox.messages().size(), 1U);
  EXPECT_EQ(journey_in(daemon.status(), "welcome").at("exited"), (Json{{"completed", 1}}));
}

// `sojourn deliveries …` as a process, with its words and `--project`.
class DeliveriesCommandTest : public DeliveryTest {
 protected:
  Finished deliveries(Words words) const {
    words.insert(words.begin(), "deliveries");
    words.insert(words.end(), {"--project", project.folder().string()});
    return run_to_end(sojourn(words), project.folder() / "deliveries");
  }
  std::vector<Json> listed(const Words& more = {}) const {
    Words words{"list", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished finished = deliveries(words);
    EXPECT_EQ(finished.code, 0) << finished.err;
    return Json::parse(finished.out).at("deliveries");
  }
};

TEST_F(DeliveriesCommandTest, WhatWasRefusedIsMendedAndSentAgainAcrossARestart) {
  sandbox.misbehave({"POST /api/email/target every 1 400"});
  std::string key;
  {
    Daemon daemon(project, kStart);
    ASSERT_NO_FATAL_FAILURE(send_hello(daemon));
    const auto letters = listed();
    ASSERT_EQ(letters.size(), 1U);
    key = letters[0].at("key");
    EXPECT_EQ(letters[0].at("email"), "ada@example.com");
    EXPECT_EQ(letters[0].at("state"), "refused");
    EXPECT_THAT(letters[0].at("answer").get<std::string>(), HasSubstr("status 400"));
    EXPECT_EQ(daemon.stop(), 0);
  }
  sandbox.misbehave({});
  Daemon daemon(project, "2026-03-03T08:59:59Z", "second");
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  ASSERT_EQ(listed().size(), 1U);
  const Finished asked = deliveries({"retry", "--state", "refused"});
  EXPECT_EQ(asked.code, 0);
  EXPECT_THAT(asked.out, HasSubstr("1 to be sent again"));
  EXPECT_THAT(asked.out, HasSubstr("nothing was done; --yes does it"));
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(sandbox.messages().size(), 0U);

  const Finished done = deliveries({"retry", key, "--by", "grace", "--yes"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("1 on their way again"));
  ASSERT_TRUE(daemon.settle());
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].at("messageKey"), key);
  EXPECT_EQ(hello_counts(daemon).at("accepted"), 1);
  EXPECT_EQ(listed().size(), 0U);
  EXPECT_EQ(log_lines(daemon.process().err(), "deliveries_retry").size(), 1U);
  const Finished log = run_to_end(sojourn({"log", "--project", project.folder().string()}),
                                  project.folder() / "log");
  EXPECT_THAT(log.out, HasSubstr("grace  deliveries retry: 1 named by key, 1 planned, 0 dropped"));
}

TEST_F(DeliveriesCommandTest, WhatWasRefusedIsDroppedAndWordsThatMakeNoSenseAreRefused) {
  sandbox.misbehave({"POST /api/email/target every 1 400"});
  Daemon daemon(project, kStart);
  ASSERT_NO_FATAL_FAILURE(send_hello(daemon));
  EXPECT_EQ(deliveries({"retry", "--yes"}).code, 2) << "it is not said which";
  EXPECT_EQ(deliveries({"drop", "nonsense"}).code, 2);
  EXPECT_EQ(deliveries({"retry", "--state", "waiting"}).code, 2) << "it is sent by itself";
  EXPECT_EQ(deliveries({"drop", std::string(32, '0'), "--yes"}).code, 1) << "nobody's key";
  EXPECT_EQ(listed({"--campaign", "hello"}).size(), 1U);
  EXPECT_THAT(deliveries({"drop", "--campaign", "hello", "--yes"}).out, HasSubstr("1 dropped"));
  EXPECT_EQ(listed().size(), 0U);
  EXPECT_EQ(sandbox.messages().size(), 0U);
}

TEST_F(DeliveriesCommandTest, WhatWaitsToLeaveIsDroppedAndThePersonGoesOn) {
  sandbox.misbehave({"POST /api/email/target every 1 500"});
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(daemon.settle());
  sandbox.misbehave({});
  const std::string key = daemon.user("ada@example.com").at("deliveries").at(0).at("key");
  const Finished asked = deliveries({"drop", key});
  EXPECT_EQ(asked.code, 0) << asked.err;
  EXPECT_THAT(asked.out, HasSubstr("1 to be dropped"));
  EXPECT_THAT(asked.out, HasSubstr("1 of them wait to leave"));
  EXPECT_THAT(deliveries({"drop", key, "--yes"}).out, HasSubstr("1 dropped"));
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(hello_counts(daemon).at("skipped"), (Json{{"dropped", 1}}));
  EXPECT_EQ(deliveries({"drop", key, "--yes"}).code, 1) << "nothing has the key any more";
  ASSERT_TRUE(daemon.run_to_the_end());
  EXPECT_EQ(sandbox.messages().size(), 1U) << "the journey's second message";
}

}  // namespace
}  // namespace sojourn::e2e
