// Every path that senders may use beside those of intake_test.cpp, once each over a socket: what a
// person's journey makes of it is looked up at the daemon, and what they got at the sandbox.

#include <gmock/gmock.h>

#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::HasSubstr;

constexpr std::string_view kMore = R"(
event order_placed { total number, coupon string? }
event cart_updated { items [{ id string }] }

journey ordered {
  enter on order_placed
  wait 1d
}
journey shopping {
  enter on cart_updated
  wait 1d
}
journey by_api {
  enter on api { plan string }
  wait 1d
  send hello with { plan: entry.plan }
}
)";

constexpr std::string_view kMapping = R"(
purchase_event = "order_placed"
[intake.workflows]
4711 = "by_api"
[intake.events]
items = "batch"
name  = "kind"
user_id = "who.id"
email = "who.mail"
created_at = "at"
fields = "data"
)";

class IntakePathsTest : public WelcomeTest {
 protected:
  IntakePathsTest() {
    project.write("more.journey", kMore);
    ProjectSettings settings;
    settings.intake = kMapping;
    configure(settings);
  }

  static Json inside(const Daemon& daemon, const std::string& journey) {
    return journey_in(daemon.status(), journey);
  }
  static std::size_t enrollments(const Daemon& daemon, const std::string& who) {
    return daemon.report(who).at("enrollments").size();
  }
  static bool is_known(const Daemon& daemon, const std::string& who) {
    return daemon.report(who).contains("id");
  }
  static void expect_success(const Answer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json().at("code"), "Success");
  }
};

TEST_F(IntakePathsTest, ANewEmail) {
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("old@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(daemon.settle());
  expect_success(daemon.post("/api/users/updateEmail", {{"currentEmail", "old@example.com"},
                                                        {"newEmail", "new@example.com"}}));
  daemon.run_until(kBranch);
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[1].at("recipientEmail"), "new@example.com");
  const Answer unknown = daemon.post(
      "/api/users/updateEmail", {{"currentEmail", "x@example.com"}, {"newEmail", "y@example.com"}});
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.json().at("code"), "BadParams");
}

TEST_F(IntakePathsTest, AMerge) {
  Daemon daemon(project, kStart);
  const Json anonymous{
      {"userId", "anon-1"}, {"eventName", "signup"}, {"dataFields", {{"plan", "pro"}}}};
  ASSERT_EQ(daemon.post("/api/events/track", anonymous).status, 200);
  expect_success(
      daemon.post("/api/users/merge", {{"sourceUserId", "anon-1"}, {"destinationUserId", "u-1"}}));
  EXPECT_EQ(enrollments(daemon, "u-1"), 1U);
  EXPECT_FALSE(is_known(daemon, "anon-1"));
}

TEST_F(IntakePathsTest, AMergeOfTwoWhoHaveBothLived) {
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("source@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_EQ(daemon
                .post("/api/events/track", {{"email", "ada@example.com"},
                                            {"eventName", "order_placed"},
                                            {"dataFields", {{"total", 3}}}})
                .status,
            200);
  ASSERT_TRUE(daemon.settle());
  const Json names{{"sourceEmail", "source@example.com"}, {"destinationEmail", "ada@example.com"}};
  expect_success(daemon.post("/api/users/merge", names));
  EXPECT_FALSE(is_known(daemon, "source@example.com"));
  EXPECT_EQ(enrollments(daemon, "ada@example.com"), 2U);
  EXPECT_EQ(daemon.post("/api/users/merge", names).json().at("code"), "BadParams");
  daemon.run_until(kBranch);
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].at("recipientEmail"), "source@example.com");
  EXPECT_EQ(messages[1].at("recipientEmail"), "ada@example.com");
}

TEST_F(IntakePathsTest, APurchaseAndACart) {
  Daemon daemon(project, kStart);
  const Json item{{"id", "s-1"}, {"name", "Shoe"}, {"price", 9.5}, {"quantity", 2}};
  const Json user{{"email", "ada@example.com"}, {"dataFields", {{"seats", 4}}}};
  const Json cart{{"user", user}, {"items", Json::array({item})}};
  expect_success(daemon.post("/api/commerce/updateCart", cart));
  Json purchase = cart;
  purchase["total"] = 19;
  purchase["id"] = "o-1";
  purchase["dataFields"] = {{"coupon", "spring"}};
  for (int i = 0; i < 2; ++i) {
    const Answer answer = daemon.post("/api/commerce/trackPurchase", purchase);
    expect_success(answer);
    EXPECT_EQ(answer.json().at("params").at("id"), "o-1");
  }
  EXPECT_EQ(inside(daemon, "ordered").at("entered"), 1);
  EXPECT_EQ(inside(daemon, "shopping").at("entered"), 1);
  EXPECT_EQ(daemon.report("ada@example.com").at("profile").at("seats").at("value"), 4);
  purchase["total"] = "19";
  EXPECT_THAT(daemon.post("/api/commerce/trackPurchase", purchase).body, HasSubstr("obj.total"));
}

TEST_F(IntakePathsTest, AWorkflowThatIsAJourney) {
  Daemon daemon(project, kStart);
  const Json body{{"workflowId", 4711},
                  {"email", "ada@example.com"},
                  {"dataFields", {{"plan", "pro"}, {"more", 1}}}};
  const Answer answer = daemon.post("/api/workflows/triggerWorkflow", body);
  expect_success(answer);
  EXPECT_EQ(answer.json().at("params"), nullptr);
  daemon.run_until("2026-03-02T09:00:00Z");
  ASSERT_EQ(sandbox.messages().size(), 1U);
  EXPECT_EQ(sandbox.messages()[0].at("dataFields").at("plan"), "pro");
  const Answer unknown = daemon.post("/api/workflows/triggerWorkflow",
                                     {{"workflowId", 12}, {"email", "ada@example.com"}});
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.json().at("params").at("workflowId"), "12");
}

TEST_F(IntakePathsTest, ErasingIsRefusedAndSaysSo) {
  Daemon daemon(project, kStart);
  const Answer answer = daemon.post("/api/users/forget", {{"email", "ada@example.com"}});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.json().at("code"), "Forbidden");
}

TEST_F(IntakePathsTest, SegmentsCalls) {
  Daemon daemon(project, kStart);
  // an-intake-key:
  const std::vector<std::string> basic{"Authorization: Basic YW4taW50YWtlLWtleTo="};
  const auto post = [&](const std::string& path, const Json& body) {
    return daemon.http().post(path, body.dump(), basic);
  };
  const Json track{{"userId", "u-1"},
                   {"event", "signup"},
                   {"messageId", "m-1"},
                   {"timestamp", "2026-03-01T08:59:00.000Z"},
                   {"properties", {{"plan", "pro"}}}};
  for (int i = 0; i < 2; ++i) {
    const Answer answer = post("/v1/track", track);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json().at("success"), true);
  }
  EXPECT_EQ(daemon.status().at("others").at("repeated_events"), 1);
  const Json traits{{"email", "ada@example.com"}, {"seats", 4}};
  EXPECT_EQ(post("/v1/identify", {{"userId", "u-1"}, {"traits", traits}}).status, 200);
  EXPECT_EQ(daemon.report("ada@example.com").at("profile").at("seats").at("value"), 4);
  EXPECT_EQ(post("/v1/alias", {{"previousId", "u-1"}, {"userId", "u-2"}}).status, 200);
  EXPECT_EQ(enrollments(daemon, "u-2"), 1U);
  const Json batch =
      Json::array({{{"type", "page"}, {"userId", "u-2"}},
                   {{"type", "track"},
                    {"userId", "u-3"},
                    {"event", "signup"},
                    {"messageId", "m-2"},
                    {"properties", {{"plan", "pro"}}}},
                   {{"type", "identify"}, {"userId", "u-3"}, {"traits", {{"seats", "many"}}}}});
  const Answer answer = post("/v1/batch", {{"batch", batch}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.json().at("accepted"), 1);
  ASSERT_EQ(answer.json().at("refused").size(), 1U);
  EXPECT_EQ(answer.json().at("refused")[0].at("index"), 2);
  EXPECT_EQ(daemon.http().post("/v1/track", track.dump(), {"Authorization: Basic d3Jvbmc6"}).status,
            401);
}

TEST_F(IntakePathsTest, EventsInAFormOfTheirSenders) {
  Daemon daemon(project, kStart);
  const Json good{{"kind", "signup"},
                  {"who", {{"id", 42}, {"mail", "Ada@example.com"}}},
                  {"id", "e-1"},
                  {"at", "2026-03-01T08:59:00Z"},
                  {"data", {{"plan", "pro"}}}};
  const Json body{{"batch", Json::array({good, {{"kind", "signup"}}, good})}};
  const Answer answer = daemon.post("/v1/events", body);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json().at("accepted"), 2);
  EXPECT_EQ(answer.json().at("refused")[0].at("index"), 1);
  EXPECT_EQ(enrollments(daemon, "ada@example.com"), 1U);
  EXPECT_EQ(daemon.report("42").at("email"), "ada@example.com");
  EXPECT_EQ(daemon.status().at("others").at("repeated_events"), 1);
}

}  // namespace
}  // namespace sojourn::e2e
