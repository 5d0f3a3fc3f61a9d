// How a daemon begins and ends: what a restart keeps, when it refuses to start,
// and that no timer fires early.

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/instant.h"
#include "tests/e2e/service.h"
#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::HasSubstr;

class LifetimeTest : public WelcomeTest {
 protected:
  // A daemon in which Ada waits for `kBranch`.
  std::unique_ptr<Daemon> with_ada_waiting() {
    auto daemon = std::make_unique<Daemon>(project, kStart);
    EXPECT_EQ(daemon->track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
    EXPECT_TRUE(daemon->settle());
    EXPECT_EQ(sandbox.messages().size(), 1U);
    return daemon;
  }

  // The second message, once and not early, from a daemon that was started again.
  void expect_goes_on() {
    Daemon again(project, "2026-03-02T00:00:00Z", "again");
    ASSERT_NE(again.port(), 0) << again.process().err();
    EXPECT_EQ(again.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
    again.jump_to("2026-03-03T08:59:59.999Z");
    EXPECT_EQ(sandbox.messages().size(), 1U);
    again.jump_to(kBranch);
    EXPECT_EQ(sandbox.messages().size(), 2U);
    again.run_until(kEnd);
    const Json welcome = journey_in(again.status(), "welcome");
    EXPECT_EQ(welcome.at("entered"), 1);
    EXPECT_EQ(welcome.at("exited"), (Json{{"completed", 1}}));
    EXPECT_EQ(sandbox.summary().at("repeats"), 0);
  }
};

TEST_F(LifetimeTest, NoTimerFiresBeforeItIsDue) {
  const auto daemon = with_ada_waiting();
  daemon->jump_to("2026-03-03T08:59:59.999Z");
  EXPECT_EQ(sandbox.messages().size(), 1U);
  daemon->jump_to(kBranch);
  EXPECT_EQ(sandbox.messages().size(), 2U);
}

// The sandbox and the daemon look at the same clock here. The wait begins when the
// first message has been answered, so after the sandbox stamped it.
TEST_F(LifetimeTest, NoTimerFiresEarlyOnTheRealClockEither) {
  std::string quick(kWelcomeJourney);
  quick.replace(quick.find("wait 2d"), 7, "wait 1s");
  project.write("welcome.journey", quick);
  Daemon daemon(project, "");
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(sandbox.wait_for(2));
  const auto messages = sandbox.messages();
  const auto time_of = [&messages](std::size_t i) {
    return base::parse_timestamp(messages.at(i).at("time").get<std::string>()).value();
  };
  EXPECT_GE((time_of(1) - time_of(0)).count, 1'000);
  EXPECT_EQ(daemon.stop(), 0);
}

TEST_F(LifetimeTest, ACleanStopEndsWithZeroAndTheNextStartGoesOn) {
  auto daemon = with_ada_waiting();
  const auto asked = std::chrono::steady_clock::now();
  EXPECT_EQ(daemon->stop(), 0) << daemon->process().err();
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(10));
  EXPECT_EQ(log_lines(daemon->process().err(), "stopped").size(), 1U);
  expect_goes_on();
}

TEST_F(LifetimeTest, AStopWaitsForAnAttemptUnderWay) {
  sandbox.misbehave({"POST /api/email/target every 1 delay 500ms"});
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(sandbox.wait_for(1));
  EXPECT_EQ(daemon.stop(), 0);
  sandbox.misbehave({});
  Daemon again(project, kStart, "again");
  ASSERT_TRUE(again.settle());
  EXPECT_EQ(log_lines(again.process().err(), "in_doubt").size(), 0U);
  const auto messages = sandbox.messages();
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].at("copies"), 1);
}

TEST_F(LifetimeTest, AKilledDaemonGoesOnWhereItWas) {
  auto daemon = with_ada_waiting();
  EXPECT_EQ(daemon->kill9(), -SIGKILL);
  expect_goes_on();
}

TEST_F(LifetimeTest, WhatBecameDueWhileItWasDownIsDoneOnceAtTheStart) {
  auto daemon = with_ada_waiting();
  EXPECT_EQ(daemon->kill9(), -SIGKILL);
  Daemon again(project, "2026-03-10T00:00:00Z", "again");
  ASSERT_TRUE(again.settle());
  EXPECT_EQ(sandbox.messages().size(), 2U);
  // The last wait counts from when it began, which is now.
  ASSERT_TRUE(again.run_to_the_end());
  EXPECT_EQ(again.settle()->now, "2026-03-11T00:00:00Z");
  EXPECT_EQ(sandbox.messages().size(), 2U);
}

TEST_F(LifetimeTest, AChangedJourneyWithPeopleInsideIsRefusedWithTheirCounts) {
  auto daemon = with_ada_waiting();
  EXPECT_EQ(daemon->stop(), 0);
  std::string changed(kWelcomeJourney);
  changed.replace(changed.find("wait 2d"), 7, "wait 5d");
  project.write("welcome.journey", changed);
  {
    Daemon refused(project, kStart, "refused");
    EXPECT_EQ(refused.port(), 0);
    EXPECT_EQ(refused.process().wait(), 2);
    EXPECT_THAT(refused.process().err(), HasSubstr("1 in welcome at wait 1"));
  }
  project.write("welcome.journey", kWelcomeJourney);
  expect_goes_on();
}

TEST_F(LifetimeTest, AChangedJourneyWithNobodyInsideStarts) {
  auto daemon = with_ada_waiting();
  daemon->run_until(kEnd);
  EXPECT_EQ(daemon->stop(), 0);
  std::string changed(kWelcomeJourney);
  changed.replace(changed.find("wait 2d"), 7, "wait 5d");
  project.write("welcome.journey", changed);
  Daemon again(project, kEnd, "again");
  ASSERT_NE(again.port(), 0) << again.process().err();
  ASSERT_EQ(again.track("bob@example.com", "signup", {{"plan", "pro"}}, "e-2").status, 200);
  EXPECT_EQ(again.settle()->next_due, "2026-03-09T09:00:00Z");
}

TEST_F(LifetimeTest, ASecondDaemonOnTheSameStoreIsRefused) {
  const auto daemon = with_ada_waiting();
  Daemon second(project, kStart, "second");
  EXPECT_EQ(second.port(), 0);
  EXPECT_EQ(second.process().wait(), 2);
  EXPECT_THAT(second.process().err(), HasSubstr("in use by another process"));
  // The first is none the worse for it.
  EXPECT_EQ(daemon->track("bob@example.com", "signup", {{"plan", "pro"}}, "e-2").status, 200);
  ASSERT_TRUE(daemon->settle());
  EXPECT_EQ(daemon->status().at("journeys").size(), 1U);
}

// Whoever cannot listen has nobody to send what it claims.
TEST_F(LifetimeTest, AStartThatFailsLeavesWhatWaitsAsItWas) {
  auto daemon = with_ada_waiting();
  EXPECT_EQ(daemon->kill9(), -SIGKILL);
  {
    const Service other;
    ProjectSettings taken;
    taken.listen = fmt::format("admin = \"127.0.0.1:{}\"", other.port());
    configure(taken);
    Daemon refused(project, kBranch, "refused");
    EXPECT_EQ(refused.port(), 0);
    EXPECT_EQ(refused.process().wait(), 2);
    EXPECT_THAT(refused.process().err(), HasSubstr("already in use"));
  }
  configure({});
  Daemon again(project, kBranch, "again");
  ASSERT_TRUE(again.settle());
  EXPECT_EQ(log_lines(again.process().err(), "in_doubt").size(), 0U);
  EXPECT_EQ(sandbox.messages().size(), 2U);
}

// Their ids and limits are others: whoever waits would be written to by the wrong ones.
TEST_F(LifetimeTest, AStoreOfAnotherEnvironmentIsRefused) {
  auto daemon = with_ada_waiting();
  EXPECT_EQ(daemon->stop(), 0);
  const auto with_staging = [this](const std::string& lines) {
    ProjectSettings settings;
    settings.iterable = "[env.staging]\nonly_to = [\"*@nowhere.example\"]\n" + lines;
    configure(settings);
  };
  with_staging("");
  {
    Daemon staging(project, kStart, "staging", {"--env", "staging"});
    EXPECT_EQ(staging.port(), 0);
    EXPECT_EQ(staging.process().wait(), 2);
    EXPECT_THAT(staging.process().err(),
                HasSubstr("belongs to no environment, not to environment `staging`"));
  }
  with_staging("[env.staging.store]\npath = \"staging\"\nballast_mb = 1\n");
  Daemon staging(project, kStart, "staging", {"--env", "staging"});
  EXPECT_NE(staging.port(), 0) << staging.process().err();
  expect_goes_on();
}

TEST_F(LifetimeTest, ClosedStandardDescriptorsAreNobodyElses) {
  Daemon daemon(project, kStart, "daemon", {}, {"sh", "-c", "exec \"$@\" 0<&- 2>&-", "sh"});
  ASSERT_NE(daemon.port(), 0);
  EXPECT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  EXPECT_EQ(daemon.stop(), 0);
}

TEST_F(LifetimeTest, NobodyHasToReadTheLog) {
  const std::filesystem::path log = project.folder() / "log";
  ASSERT_EQ(mkfifo(log.c_str(), 0600), 0);
  const int unread = open(log.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
  ASSERT_GE(unread, 0);
  const std::string page(4'096, '.');
  while (write(unread, page.data(), page.size()) > 0) {
  }
  Daemon daemon(project, kStart, "daemon", {},
                {"sh", "-c", fmt::format("exec \"$@\" 2>{}", log.string()), "sh"});
  ASSERT_NE(daemon.port(), 0);
  EXPECT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  EXPECT_TRUE(daemon.settle());
  EXPECT_EQ(daemon.stop(), 0);
  close(unread);
}

TEST_F(LifetimeTest, AStoreOfAnotherProjectIsRefused) {
  auto daemon = with_ada_waiting();
  EXPECT_EQ(daemon->stop(), 0);
  ProjectSettings settings;
  settings.name = "another";
  configure(settings);
  Daemon other(project, kStart, "other");
  EXPECT_EQ(other.port(), 0);
  EXPECT_EQ(other.process().wait(), 2);
  EXPECT_THAT(other.process().err(), HasSubstr("belongs to project `e2e`"));
}

}  // namespace
}  // namespace sojourn::e2e
