// One event for many people through the real binary: the daemon is killed with SIGKILL
// while it is on its way, and each of them has it once all the same.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>

#include "tests/e2e/system.h"

namespace sojourn::e2e {
namespace {

constexpr int kUsers = 600;

constexpr const char* kJourney = R"(
user { accounts [string] }
event closed { account string } for users where user.accounts contains event.account up to 600
message_type account = 1 transactional opt_out
campaign goodbye = 201 email account
policy { timezone "UTC" }

journey told { enter on closed send goodbye }
)";

Json users(int from, int to) {
  Json all = Json::array();
  for (int user = from; user < to; ++user) {
    all.push_back({{"email", fmt::format("u{}@example.com", user)},
                   {"dataFields", {{"accounts", {"a0", "a1"}}}}});
  }
  return {{"users", all}};
}

class FanOutKillTest : public testing::Test {
 protected:
  void configure(const Project& project, const std::string& name) const {
    ProjectSettings settings;
    // Message keys are made of it: what one daemon sends is not another's.
    settings.name = name;
    settings.iterable_port = sandbox_.port();
    // The list of one daemon's messages would have those of the others to the same people.
    settings.iterable = "look_up_after_seconds = 0";
    project.configure(settings);
    project.write("told.journey", kJourney);
  }

  const Project folder_;
  Sandbox sandbox_{folder_.folder()};
};

TEST_F(FanOutKillTest, EachOfThemHasItOnceWhereverItIsKilled) {
  std::uint64_t before = 0;
  for (const int at : {0, 1, 150, 300, 450}) {
    SCOPED_TRACE(fmt::format("killed when {} messages had come", at));
    const Project project;
    configure(project, fmt::format("fan_out_{}", at));
    const auto received = sandbox_.summary().at("received").get<std::size_t>();
    {
      Daemon daemon(project, "2026-03-01T09:00:00Z", "life0");
      ASSERT_NE(daemon.port(), 0) << daemon.process().err();
      EXPECT_EQ(daemon.post("/api/users/bulkUpdate", users(0, kUsers)).status, 200);
      EXPECT_EQ(daemon.track("sender@example.com", "closed", {{"account", "a1"}}, "e1").status,
                200);
      if (at > 0) {
        ASSERT_TRUE(sandbox_.wait_for(received + static_cast<std::size_t>(at)));
      }
      daemon.kill9();
    }
    Daemon daemon(project, "2026-03-01T10:00:00Z", "life1");
    ASSERT_NE(daemon.port(), 0) << daemon.process().err();
    EXPECT_EQ(daemon.track("sender@example.com", "closed", {{"account", "a1"}}, "e1").status, 200)
        << "a repeat";
    EXPECT_TRUE(daemon.run_to_the_end());
    EXPECT_EQ(journey_in(daemon.status(), "told").at("entered"), kUsers);
    std::set<std::string> recipients;
    std::set<std::string> keys;
    for (const Json& message : sandbox_.messages(before)) {
      recipients.insert(message.at("recipientEmail"));
      keys.insert(message.at("messageKey"));
      before = message.at("sequence");
    }
    EXPECT_EQ(recipients.size(), kUsers);
    EXPECT_EQ(keys.size(), kUsers) << "one message for each of them, whatever was repeated";
    EXPECT_EQ(daemon.stop(), 0);
  }
}

TEST_F(FanOutKillTest, ForOneTooManyTheSenderIsToldAndNothingIsDone) {
  const Project project;
  configure(project, "fan_out");
  Daemon daemon(project, "2026-03-01T09:00:00Z");
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  EXPECT_EQ(daemon.post("/api/users/bulkUpdate", users(0, kUsers + 1)).status, 200);
  const Answer answer = daemon.track("sender@example.com", "closed", {{"account", "a1"}}, "e1");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json().at("code"), "TooManyUsers");
  ASSERT_TRUE(daemon.settle());
  EXPECT_TRUE(journey_in(daemon.status(), "told").is_null()) << "nobody entered it";
  EXPECT_EQ(daemon.stop(), 0);
  EXPECT_EQ(log_lines(daemon.process().err(), "fan_out_refused").size(), 1U);
}

}  // namespace
}  // namespace sojourn::e2e
