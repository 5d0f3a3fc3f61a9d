// Senders have people erased by Iterable's own calls, with and without Iterable behind the daemon.

#include <csignal>
#include <gmock/gmock.h>

#include "tests/e2e/service.h"
#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kForget = "/api/users/forget";
constexpr const char* kUnforget = "/api/users/unforget";
constexpr const char* kAdaPath = "/api/users/ada@example.com";
const Json kAda{{"email", "ada@example.com"}};

std::string code_of(const Answer& answer) {
  return std::to_string(answer.status) + " " + answer.json().value("code", "");
}

class ErasureTest : public WelcomeTest {
 protected:
  void configure_intake(const std::string& lines) {
    ProjectSettings settings;
    settings.intake = lines;
    configure(settings);
  }
  static std::string sign_up(Daemon& daemon, const std::string& id) {
    return code_of(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, id));
  }
  static bool is_known(const Daemon& daemon) {
    return daemon.report("ada@example.com").contains("id");
  }
};

TEST_F(ErasureTest, UnlessItIsAllowedNobodyIsErased) {
  Daemon daemon(project, kStart);
  ASSERT_EQ(sign_up(daemon, "e-1"), "200 Success");
  for (const Answer& answer :
       {daemon.remove(kAdaPath), daemon.post(kForget, kAda), daemon.post(kUnforget, kAda)}) {
    EXPECT_EQ(code_of(answer), "403 Forbidden");
    EXPECT_THAT(answer.body, HasSubstr("`erase = true` under [intake]"));
  }
  EXPECT_TRUE(is_known(daemon));
  EXPECT_EQ(daemon.http().remove(kAdaPath, {}).status, 401) << "without the key";
}

TEST_F(ErasureTest, WhoIsErasedGetsNothingMoreAndMayComeAgain) {
  configure_intake("erase = true");
  Daemon daemon(project, kStart);
  ASSERT_EQ(sign_up(daemon, "e-1"), "200 Success");
  ASSERT_TRUE(daemon.settle());
  const std::size_t sent = sandbox.messages().size();
  EXPECT_EQ(sent, 1U);
  const Answer erased = daemon.remove(kAdaPath);
  EXPECT_EQ(code_of(erased), "200 Success");
  EXPECT_THAT(erased.body, HasSubstr("User ada@example.com was successfully deleted"));
  EXPECT_FALSE(is_known(daemon));
  daemon.run_until("2026-03-09T09:00:00Z");
  EXPECT_EQ(sandbox.messages().size(), sent);
  EXPECT_EQ(code_of(daemon.remove(kAdaPath)), "400 BadParams");
  EXPECT_EQ(sign_up(daemon, "e-2"), "200 Success");
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(sandbox.messages().size(), sent + 1) << "somebody new";
}

TEST_F(ErasureTest, WhoIsForgottenStaysForgottenWhateverRestartsLieBetween) {
  configure_intake("erase = true");
  {
    Daemon daemon(project, kStart, "life0");
    ASSERT_EQ(sign_up(daemon, "e-1"), "200 Success");
    EXPECT_EQ(code_of(daemon.post(kForget, kAda)), "200 Success");
    ASSERT_EQ(daemon.kill9(), -SIGKILL);
  }
  Daemon daemon(project, "2026-03-01T09:00:01Z", "life1");
  EXPECT_FALSE(is_known(daemon));
  EXPECT_EQ(sign_up(daemon, "e-2"), "400 ForgottenUserError");
  EXPECT_EQ(code_of(daemon.post("/api/users/update", kAda)), "409 ForgottenUserError");
  const Answer bulk = daemon.post("/api/users/bulkUpdate", {{"users", Json::array({kAda})}});
  EXPECT_EQ(bulk.json().at("failedUpdates").at("forgottenEmails"),
            Json::array({"ada@example.com"}));
  EXPECT_FALSE(is_known(daemon));
  EXPECT_EQ(code_of(daemon.post(kUnforget, kAda)), "200 Success");
  EXPECT_EQ(sign_up(daemon, "e-2"), "200 Success");
  EXPECT_TRUE(is_known(daemon));
}

TEST_F(ErasureTest, AskedIterableErasesFirst) {
  configure_intake("erase = true\nforward = \"ask\"");
  Daemon daemon(project, kStart);
  const Json user{{"email", "ada@example.com"}, {"dataFields", {{"plan", "pro"}}}};
  ASSERT_EQ(code_of(daemon.post("/api/users/update", user)), "200 Success");
  ASSERT_TRUE(is_known(daemon));
  const Answer erased = daemon.remove(kAdaPath);
  EXPECT_EQ(code_of(erased), "200 Success");
  EXPECT_THAT(erased.body, HasSubstr("ada@example.com was successfully deleted"));
  EXPECT_FALSE(is_known(daemon));
  ASSERT_EQ(code_of(daemon.post("/api/users/update", user)), "200 Success");
  EXPECT_EQ(code_of(daemon.post(kForget, kAda)), "200 Success");
  EXPECT_FALSE(is_known(daemon));
  EXPECT_EQ(code_of(daemon.post("/api/users/update", user)), "409 ForgottenUserError")
      << "it is Iterable that says so";
  EXPECT_EQ(code_of(daemon.post(kUnforget, kAda)), "200 Success");
  EXPECT_EQ(code_of(daemon.post("/api/users/update", user)), "200 Success");
  EXPECT_TRUE(is_known(daemon));
  EXPECT_THAT(daemon.process().err(), Not(HasSubstr("ada@example.com")));
}

// A service of the test's in Iterable's place.
class ErasureAtIterable : public testing::Test {
 protected:
  ErasureAtIterable() {
    project.write("catalog.journey", kWelcomeCatalog);
    project.write("welcome.journey", kWelcomeJourney);
  }
  void configure(const std::string& forward) {
    ProjectSettings settings;
    settings.iterable_port = iterable.port();
    settings.intake = "erase = true\nforward = \"" + forward + "\"";
    project.configure(settings);
  }
  void answers(int status, const std::string& code) {
    iterable.answer({status,
                     R"({"msg":"no ada@example.com","code":")" + code + R"("})",
                     "application/json",
                     {}});
  }
  std::vector<std::string> asked() {
    std::vector<std::string> out;
    for (const Service::Seen& seen : iterable.seen()) out.push_back(seen.method + " " + seen.path);
    return out;
  }
  static bool is_known(const Daemon& daemon) {
    return daemon.report("ada@example.com").contains("id");
  }

  Project project;
  Service iterable;
};

TEST_F(ErasureAtIterable, AskedWhomItDoesNotKnowIsErasedHere) {
  configure("ask");
  Daemon daemon(project, kStart);
  answers(200, "Success");
  ASSERT_EQ(daemon.post("/api/users/update", kAda).status, 200);
  answers(403, "Forbidden");
  EXPECT_EQ(daemon.remove(kAdaPath).status, 403);
  EXPECT_TRUE(is_known(daemon)) << "what it refuses is not done here either";
  answers(400, "BadParams");
  EXPECT_EQ(code_of(daemon.remove(kAdaPath)), "400 BadParams");
  EXPECT_FALSE(is_known(daemon));
  const std::string deleted = std::string("DELETE ") + kAdaPath;
  EXPECT_THAT(asked(), ElementsAre("POST /api/users/update", deleted, deleted));
  answers(200, "Success");
  ASSERT_EQ(daemon.post("/api/users/update", kAda).status, 200);
  answers(400, "ForgottenUserError");
  EXPECT_EQ(code_of(daemon.post(kForget, kAda)), "400 ForgottenUserError");
  EXPECT_FALSE(is_known(daemon)) << "whom it has forgotten already";
}

TEST_F(ErasureAtIterable, AskedAndNotReachedNothingIsErased) {
  ProjectSettings settings;
  settings.intake = "erase = true\nforward = \"off\"";
  project.configure(settings);
  {
    Daemon daemon(project, kStart, "life0");
    ASSERT_EQ(daemon.post("/api/users/update", kAda).status, 200);
    EXPECT_EQ(daemon.stop(), 0);
  }
  settings.intake = "erase = true\nforward = \"ask\"";
  project.configure(settings);
  Daemon daemon(project, "2026-03-01T09:00:01Z", "life1");
  EXPECT_EQ(daemon.remove(kAdaPath).status, 503);
  EXPECT_TRUE(is_known(daemon));
}

TEST_F(ErasureAtIterable, QueuedItLeavesBehindWhatIsUnderWayAndOutlivesTheProcess) {
  configure("queue");
  iterable.hold();
  {
    Daemon daemon(project, kStart, "life0");
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(daemon.post("/api/users/update", kAda).status, 200);
    }
    ASSERT_TRUE(iterable.wait_for(1));
    EXPECT_EQ(code_of(daemon.remove(kAdaPath)), "200 Success");
    EXPECT_FALSE(is_known(daemon));
    ASSERT_EQ(daemon.kill9(), -SIGKILL);
  }
  iterable.release({200, "{}", "application/json", {}});
  Daemon daemon(project, "2026-03-01T09:00:01Z", "life1");
  daemon.run_until("2026-03-01T09:01:00Z");
  EXPECT_THAT(asked(), ElementsAre("POST /api/users/update", std::string("DELETE ") + kAdaPath));
  EXPECT_THAT(daemon.process().err(), Not(HasSubstr("ada@example.com")));
}

}  // namespace
}  // namespace sojourn::e2e
