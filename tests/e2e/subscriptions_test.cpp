// Senders say what somebody consents to by Iterable's subscription calls, with and without
// Iterable behind the daemon.

#include <csignal>
#include <gmock/gmock.h>

#include "tests/e2e/service.h"
#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kAdaType = "/api/subscriptions/messageType/1/user/ada@example.com";
constexpr const char* kTypeOfMany = "/api/subscriptions/messageType/1?action=unsubscribe";
constexpr const char* kDoubleOptIn = "/api/subscriptions/subscribeToDoubleOptIn";
const Json kMany{{"users", {"ada@example.com", "bob@example.com"}}};

class SubscriptionsTest : public WelcomeTest {
 protected:
  void forward(const std::string& mode) {
    ProjectSettings settings;
    settings.intake = "forward = \"" + mode + "\"";
    configure(settings);
  }
  static void sign_up(Daemon& daemon, const std::string& who) {
    const std::string email = who + "@example.com";
    EXPECT_EQ(daemon.track(email, "signup", {{"plan", "pro"}}, "e-" + who).status, 200);
    EXPECT_TRUE(daemon.settle());
  }
  // The message types that the sandbox has somebody opted out of.
  Json refused_at_iterable(const std::string& who) {
    Http http(sandbox.port());
    const Answer answer =
        http.call("GET", "/api/users/" + who + "@example.com", {}, {"Api-Key: any"});
    return answer.json().value("/user/dataFields/unsubscribedMessageTypeIds"_json_pointer,
                               Json::array());
  }
  std::vector<std::string> recipients() {
    std::vector<std::string> out;
    for (const Json& message : sandbox.messages()) out.push_back(message.at("recipientEmail"));
    return out;
  }
};

TEST_F(SubscriptionsTest, AnOptOutHoldsFromItsAnswerOn) {
  {
    Daemon daemon(project, kStart, "life0");
    EXPECT_EQ(daemon.http().call("DELETE", kAdaType, {}, {}).status, 401) << "without the key";
    const Answer answer = daemon.call("DELETE", kAdaType);
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.json().at("code"), "Success");
    EXPECT_EQ(daemon.call("PUT", kTypeOfMany, kMany.dump()).status, 202);
    ASSERT_EQ(daemon.kill9(), -SIGKILL);
  }
  Daemon daemon(project, "2026-03-01T09:00:01Z", "life1");
  for (const char* who : {"ada", "bob", "cyd"}) sign_up(daemon, who);
  EXPECT_THAT(recipients(), ElementsAre("cyd@example.com"));
  EXPECT_EQ(daemon.call("PATCH", kAdaType).status, 202);
  daemon.run_until(kEnd);
  EXPECT_THAT(recipients(), testing::UnorderedElementsAre("cyd@example.com", "cyd@example.com",
                                                          "ada@example.com"))
      << "what comes after the yes";
  EXPECT_EQ(daemon.call("PATCH", "/api/subscriptions/emailList/7/user/ada@example.com").status,
            400);
  EXPECT_EQ(daemon.call("PATCH", "/api/subscriptions/messageType/1").status, 404);
  EXPECT_EQ(daemon.call("POST", kDoubleOptIn, "{}").status, 404) << "it would only go on";
}

TEST_F(SubscriptionsTest, AskedIterableHearsIt) {
  forward("ask");
  Daemon daemon(project, kStart);
  EXPECT_EQ(daemon.call("DELETE", kAdaType).status, 202);
  EXPECT_EQ(refused_at_iterable("ada"), Json::array({1}));
  EXPECT_EQ(daemon.call("PUT", kTypeOfMany, kMany.dump()).status, 202);
  EXPECT_EQ(refused_at_iterable("bob"), Json::array({1}));
  for (const char* who : {"ada", "bob", "cyd"}) sign_up(daemon, who);
  EXPECT_THAT(recipients(), ElementsAre("cyd@example.com"));
  const Json question{{"email", "ada@example.com"}, {"messageTypeIds", {1}}};
  const Answer asked = daemon.call("POST", kDoubleOptIn, question.dump());
  EXPECT_EQ(asked.status, 202);
  EXPECT_EQ(asked.body, "Accepted");
}

TEST_F(SubscriptionsTest, QueuedItIsHeardOfAfterTheAnswer) {
  forward("queue");
  Daemon daemon(project, kStart);
  EXPECT_EQ(daemon.call("PUT", kTypeOfMany, kMany.dump()).status, 202);
  EXPECT_EQ(daemon.call("PATCH", kAdaType).status, 202);
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(refused_at_iterable("ada"), Json::array()) << "said last";
  EXPECT_EQ(refused_at_iterable("bob"), Json::array({1}));
}

// A service of the test's in Iterable's place.
class SubscriptionsAtIterable : public testing::Test {
 protected:
  SubscriptionsAtIterable() {
    project.write("catalog.journey", kWelcomeCatalog);
    project.write("welcome.journey", kWelcomeJourney);
  }
  void forward(const std::string& mode, const std::string& more = {}) {
    ProjectSettings settings;
    settings.iterable_port = iterable.port();
    settings.intake = "forward = \"" + mode + "\"\n" + more;
    project.configure(settings);
  }

  Project project;
  Service iterable;
};

TEST_F(SubscriptionsAtIterable, AskedWhatItRefusesIsNotTaken) {
  forward("ask");
  Daemon daemon(project, kStart);
  iterable.answer({404, R"({"msg":"not enabled","code":"NotFound"})", "application/json", {}});
  EXPECT_THAT(daemon.call("DELETE", kAdaType).body, HasSubstr("not enabled"));
  EXPECT_FALSE(daemon.report("ada@example.com").contains("id"));
  iterable.answer({202, R"({"msg":"","code":"Success"})", "application/json", {}});
  EXPECT_EQ(daemon.call("DELETE", kAdaType).status, 202);
  EXPECT_TRUE(daemon.report("ada@example.com").contains("id"));
  EXPECT_EQ(daemon.call("PUT", kTypeOfMany, kMany.dump()).status, 202);
  const auto seen = iterable.seen();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[1].method + " " + seen[1].path, std::string("DELETE ") + kAdaType);
  EXPECT_EQ(seen[2].method, "PUT");
  EXPECT_EQ(seen[2].body, kMany.dump()) << "as it came";
}

TEST_F(SubscriptionsAtIterable, NoPathLeadsToAnotherCallThere) {
  for (const char* mode : {"off", "queue", "ask"}) {
    forward(mode, "erase = true");
    Daemon daemon(project, kStart, std::string("in_") + mode);
    for (const char* path :
         {"/api/users/../lists/12", "/api/users/%2e%2e/lists/12", "/api/users/..%2flists%2f12",
          "/api/users//lists", "/api/users/ada@example.com/x"}) {
      const Answer answer = daemon.call("DELETE", path);
      EXPECT_EQ(answer.status, 400) << mode << " " << path;
      EXPECT_THAT(answer.body, HasSubstr("Invalid path: ")) << path;
    }
    const Answer answer =
        daemon.call("PUT", "/api/subscriptions/../lists?action=subscribe", kMany.dump());
    EXPECT_THAT(answer.body, HasSubstr("a part `.` or `..`")) << mode;
    ASSERT_TRUE(daemon.settle());
  }
  EXPECT_EQ(iterable.seen().size(), 0U);
}

TEST_F(SubscriptionsAtIterable, AskedItHearsAPathThatWasWrittenAnew) {
  forward("ask");
  Daemon daemon(project, kStart);
  iterable.answer({202, R"({"msg":"","code":"Success"})", "application/json", {}});
  EXPECT_EQ(
      daemon.call("DELETE", "/api/subscriptions/messageType/1/user/%61da%40example.com?x=1").status,
      202);
  const auto seen = iterable.seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].path, kAdaType);
}

TEST_F(SubscriptionsAtIterable, QueuedTheyKeepTheirOrderAndOutliveTheProcess) {
  forward("queue");
  iterable.hold();
  {
    Daemon daemon(project, kStart, "life0");
    for (const char* method : {"DELETE", "PATCH", "DELETE"}) {
      ASSERT_EQ(daemon.call(method, kAdaType).status, 202);
    }
    ASSERT_TRUE(iterable.wait_for(1));
    ASSERT_EQ(daemon.kill9(), -SIGKILL);
  }
  iterable.release({202, R"({"msg":"","code":"Success"})", "application/json", {}});
  Daemon daemon(project, "2026-03-01T09:00:01Z", "life1");
  daemon.run_until("2026-03-01T09:01:00Z");
  std::vector<std::string> asked;
  for (const Service::Seen& seen : iterable.seen()) asked.push_back(seen.method);
  EXPECT_THAT(asked, ElementsAre("DELETE", "DELETE", "PATCH", "DELETE"));
}

}  // namespace
}  // namespace sojourn::e2e
