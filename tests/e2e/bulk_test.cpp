// Profiles and events that go to Iterable many in one call: a real daemon, and a server that
// answers in Iterable's words.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "tests/e2e/project.h"
#include "tests/e2e/service.h"
#include "tests/e2e/system.h"

namespace sojourn::e2e {
namespace {

constexpr const char* kStart = "2026-03-01T09:00:00Z";
constexpr int kPeople = 30;

constexpr const char* kJourneys = R"(
user { plan string }
event signup { plan string }
event welcomed
policy { timezone "UTC" }

journey told {
  owner "lifecycle@example.com"
  enter on signup
  update user { plan: entry.plan }
  track welcomed
}
)";

// It counts no failures, so that it fits any call, whether or not somebody in it is named.
uv::HttpResponse taken(const std::string& failed = "") {
  return {200,
          fmt::format(R"({{"successCount":1,"failCount":0,"failedUpdates":{{{}}}}})", failed),
          "application/json",
          {}};
}

class BulkTest : public testing::Test {
 protected:
  BulkTest() {
    project.write("told.journey", kJourneys);
    ProjectSettings settings;
    settings.iterable_port = iterable.port();
    settings.iterable = R"([iterable.bulk]
on = true
users_update_per_second = 1000
events_track_per_second = 1000)";
    project.configure(settings);
    iterable.answer(taken());
  }

  // All of them with one request.
  static Json signups() {
    Json events = Json::array();
    for (int i = 0; i < kPeople; ++i) {
      events.push_back({{"email", fmt::format("p{}@example.com", i)},
                        {"eventName", "signup"},
                        {"dataFields", {{"plan", "pro"}}}});
    }
    return {{"events", events}};
  }

  Service iterable;
  Project project;
};

TEST_F(BulkTest, EachGoesOnceAndNothingGoesAlone) {
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  ASSERT_EQ(daemon.post("/api/events/trackBulk", signups()).status, 200);
  ASSERT_TRUE(daemon.settle());
  std::multiset<std::string> updated;
  std::multiset<std::string> told;
  std::set<std::string> ids;
  for (const Service::Seen& seen : iterable.seen()) {
    const Json body = Json::parse(seen.body);
    if (seen.path == "/api/users/bulkUpdate") {
      for (const Json& user : body.at("users")) updated.insert(user.at("email"));
      continue;
    }
    ASSERT_EQ(seen.path, "/api/events/trackBulk");
    for (const Json& event : body.at("events")) {
      told.insert(event.at("email"));
      ids.insert(event.at("id"));
    }
  }
  EXPECT_EQ(updated.size(), static_cast<std::size_t>(kPeople));
  EXPECT_EQ(told.size(), static_cast<std::size_t>(kPeople));
  EXPECT_EQ(updated, told);
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kPeople)) << "each has a key of its own";
  EXPECT_LT(iterable.seen().size(), static_cast<std::size_t>(kPeople));
}

TEST_F(BulkTest, ARefusalIsThatOfTheUserWhomItNames) {
  iterable.answer(taken(R"("forgottenEmails":["p7@example.com"])"));
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.post("/api/events/trackBulk", signups()).status, 200);
  ASSERT_TRUE(daemon.settle());
  const auto rejected = log_lines(daemon.process().err(), "rejected");
  ASSERT_EQ(rejected.size(), 2U) << "the update and the event of one person";
  for (const Json& line : rejected) {
    EXPECT_THAT(line.at("detail").get<std::string>(), testing::HasSubstr("forgotten_user"));
  }
}

}  // namespace
}  // namespace sojourn::e2e
