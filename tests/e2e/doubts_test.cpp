// Answers that are lost on the way: with a list of what was sent nothing is doubled and nothing
// lost; without one, whatever may be doubled is listed.

#include <csignal>
#include <gmock/gmock.h>
#include <map>
#include <set>

#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

constexpr int kPeople = 40;
constexpr const char* kNoList = "GET /api/users/getSentMessages every 1 404";

class DoubtsTest : public WelcomeTest {
 protected:
  static std::string email(int number) { return "p" + std::to_string(number) + "@example.com"; }

  static void sign_up(Daemon& daemon, int people) {
    for (int i = 0; i < people; ++i) {
      const Answer answer =
          daemon.track(email(i), "signup", {{"plan", "pro"}}, "e-" + std::to_string(i));
      ASSERT_EQ(answer.status, 200) << answer.body;
    }
  }

  // How often each message of the campaign came, by recipient.
  std::map<std::string, int> copies_of(int campaign) {
    std::map<std::string, int> copies;
    for (const Json& message : sandbox.messages()) {
      if (message.at("campaignId") == campaign) ++copies[message.at("recipientEmail")];
    }
    return copies;
  }

  static std::set<std::string> keys_listed(Daemon& daemon, const std::string& event) {
    std::set<std::string> keys;
    for (const Json& line : log_lines(daemon.process().err(), event)) {
      const std::string detail = line.at("detail");
      keys.insert(detail.substr(detail.find("key=") + 4, 32));
    }
    return keys;
  }

  static Json accepted(const Daemon& daemon, std::size_t message) {
    return journey_in(daemon.status(), "welcome").at("messages").at(message).at("accepted");
  }
};

TEST_F(DoubtsTest, WithAListNothingIsDoubledAndNothingIsLost) {
  sandbox.misbehave(
      {"POST /api/email/target 30% accept_then_reset", "POST /api/email/target 20% 502"}, 7);
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon, kPeople));
  ASSERT_TRUE(daemon.run_to_the_end()) << daemon.process().err();

  for (const int campaign : {101, 102}) {
    const auto copies = copies_of(campaign);
    EXPECT_EQ(copies.size(), static_cast<std::size_t>(kPeople)) << "somebody got nothing";
    for (const auto& [who, count] : copies) EXPECT_EQ(count, 1) << who;
  }
  EXPECT_EQ(sandbox.summary().at("repeats"), 0);
  EXPECT_GE(log_lines(daemon.process().err(), "in_doubt").size(), 10U);
  EXPECT_EQ(log_lines(daemon.process().err(), "may_be_doubled").size(), 0U);
  const Json journey = journey_in(daemon.status(), "welcome");
  EXPECT_EQ(journey.at("exited"), (Json{{"completed", kPeople}}));
}

TEST_F(DoubtsTest, WithoutAListWhateverIsDoubledIsListed) {
  sandbox.misbehave({"POST /api/email/target 30% accept_then_reset", kNoList}, 7);
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  ASSERT_NO_FATAL_FAILURE(sign_up(daemon, kPeople));
  ASSERT_TRUE(daemon.run_to_the_end()) << daemon.process().err();

  EXPECT_EQ(copies_of(101).size(), static_cast<std::size_t>(kPeople));
  EXPECT_EQ(copies_of(102).size(), static_cast<std::size_t>(kPeople));
  const std::set<std::string> listed = keys_listed(daemon, "may_be_doubled");
  std::size_t doubled = 0;
  for (const Json& message : sandbox.messages()) {
    if (message.at("copies").get<int>() < 2) continue;
    ++doubled;
    EXPECT_TRUE(listed.contains(message.at("messageKey"))) << message;
  }
  EXPECT_GT(doubled, 0U);
  EXPECT_EQ(accepted(daemon, 0), kPeople);
}

TEST_F(DoubtsTest, WhatWaitsForALookUpOutlivesTheProcess) {
  constexpr int kFew = 5;
  sandbox.misbehave({"POST /api/email/target every 1 accept_then_reset"});
  {
    Daemon daemon(project, kStart);
    ASSERT_NO_FATAL_FAILURE(sign_up(daemon, kFew));
    ASSERT_TRUE(sandbox.wait_for(kFew));
    ASSERT_TRUE(daemon.settle());
    EXPECT_EQ(daemon.kill9(), -SIGKILL);
  }
  sandbox.misbehave({});
  Daemon daemon(project, "2026-03-01T09:01:00Z", "again");
  daemon.run_until("2026-03-01T10:00:00Z");
  EXPECT_EQ(sandbox.messages().size(), static_cast<std::size_t>(kFew));
  EXPECT_EQ(sandbox.summary().at("repeats"), 0);
  EXPECT_EQ(accepted(daemon, 0), kFew);
}

}  // namespace
}  // namespace sojourn::e2e
