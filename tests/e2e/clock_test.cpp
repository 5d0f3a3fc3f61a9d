// A clock that jumps and a zone whose rules change, under a daemon that runs and between two
// that do: what waits is decided once, and never early.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class ClockTest : public WelcomeTest {
 protected:
  // A daemon in which Ada waits for `kBranch`.
  std::unique_ptr<Daemon> with_ada_waiting() {
    auto daemon = std::make_unique<Daemon>(project, kStart);
    EXPECT_EQ(daemon->track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200)
        << daemon->process().err();
    EXPECT_TRUE(daemon->settle());
    EXPECT_EQ(sandbox.messages().size(), 1U);
    return daemon;
  }

  // The second message comes at `when`, once, and not a milli before.
  void expect_branch(Daemon& daemon, const std::string& just_before, const std::string& when) {
    daemon.jump_to(just_before);
    EXPECT_EQ(sandbox.messages().size(), 1U) << "early";
    daemon.jump_to(when);
    EXPECT_EQ(sandbox.messages().size(), 2U);
    ASSERT_TRUE(daemon.run_to_the_end());
    EXPECT_EQ(sandbox.messages().size(), 2U);
    EXPECT_EQ(sandbox.summary().at("repeats"), 0);
    EXPECT_EQ(journey_in(daemon.status(), "welcome").at("exited"), (Json{{"completed", 1}}));
  }

  Finished operate(Words words) const {
    words.insert(words.end(), {"--project", project.folder().string()});
    return run_to_end(sojourn(words), project.folder() / "command");
  }
};

// A journey is frozen for as long as the daemon lives meanwhile, whatever the wall clock says.
TEST_F(ClockTest, ALeapFreezesAJourneyForNoLonger) {
  const auto daemon = with_ada_waiting();
  EXPECT_EQ(operate({"pause", "welcome", "--clock", "freeze", "--yes"}).code, 0);
  daemon->set_wall("2026-03-03T09:00:00Z");
  EXPECT_EQ(daemon->settle()->state, "doubted");
  EXPECT_THAT(operate({"user", "ada@example.com"}).out,
              HasSubstr(std::string("due ") + kBranch + " if it were resumed now"));
  daemon->set_wall(kStart);
  daemon->jump_to("2026-03-02T09:00:00Z");
  EXPECT_EQ(operate({"resume", "welcome", "--yes"}).code, 0);
  expect_branch(*daemon, "2026-03-04T08:59:59Z", "2026-03-04T09:00:00Z");
}

TEST_F(ClockTest, ALeapAndAStepBackDecideNothingWhileItRuns) {
  const auto daemon = with_ada_waiting();
  for (int i = 0; i < 3; ++i) {
    daemon->set_wall("2026-03-03T09:00:00Z");
    EXPECT_EQ(daemon->settle()->state, "doubted");
    EXPECT_EQ(daemon->settle()->now, kStart);
    EXPECT_EQ(sandbox.messages().size(), 1U);
    daemon->set_wall("2026-03-01T08:00:00Z");
    EXPECT_EQ(daemon->settle()->state, "behind");
    EXPECT_EQ(daemon->settle()->now, kStart);
    EXPECT_EQ(daemon->track("bob@example.com", "bought", {{"amount", 1}}, "").status, 200)
        << "senders are answered meanwhile";
  }
  daemon->set_wall(kStart);
  EXPECT_EQ(daemon->settle()->state, "steady");
  EXPECT_EQ(log_lines(daemon->process().err(), "clock_doubted").size(), 3U);
  EXPECT_EQ(log_lines(daemon->process().err(), "clock_behind").size(), 3U);
  EXPECT_EQ(log_lines(daemon->process().err(), "clock_steady").size(), 1U);
  expect_branch(*daemon, "2026-03-03T08:59:59.999Z", kBranch);
}

TEST_F(ClockTest, ALeapThatStandsIsBelieved) {
  const auto daemon = with_ada_waiting();
  daemon->set_wall("2026-03-03T08:00:00Z");
  daemon->jump_to("2026-03-03T08:59:59.999Z");
  EXPECT_EQ(daemon->settle()->state, "doubted");
  EXPECT_EQ(sandbox.messages().size(), 1U);
  daemon->jump_to(kBranch);
  EXPECT_EQ(daemon->settle()->state, "steady");
  EXPECT_EQ(daemon->settle()->now, kBranch);
  EXPECT_EQ(sandbox.messages().size(), 2U);
}

TEST_F(ClockTest, AClockThatWentBackAcrossAKillHasToCatchUp) {
  with_ada_waiting()->kill9();
  Daemon again(project, "2026-03-01T08:00:00Z", "again");
  ASSERT_NE(again.port(), 0) << again.process().err();
  EXPECT_EQ(again.settle()->state, "behind");
  EXPECT_EQ(again.settle()->now, kStart);
  EXPECT_EQ(log_lines(again.process().err(), "clock_behind").size(), 1U);
  EXPECT_EQ(again.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(again.settle());
  EXPECT_EQ(sandbox.messages().size(), 1U) << "nothing is decided twice";
  expect_branch(again, "2026-03-03T08:59:59.999Z", kBranch);
}

TEST_F(ClockTest, ALeapAcrossAKillIsHeldUntilItIsAccepted) {
  ProjectSettings settings;
  settings.iterable = "[clock]\nmax_outage_days = 1";
  configure(settings);
  with_ada_waiting()->kill9();
  Daemon again(project, kBranch, "again");
  ASSERT_NE(again.port(), 0) << again.process().err();
  EXPECT_EQ(again.settle()->state, "doubted");
  EXPECT_EQ(log_lines(again.process().err(), "clock_doubted").size(), 1U);
  EXPECT_EQ(again.track("bob@example.com", "bought", {{"amount", 1}}, "").status, 200);
  ASSERT_TRUE(again.settle());
  EXPECT_EQ(sandbox.messages().size(), 1U);
  EXPECT_EQ(again.status().at("clock"), "doubted");

  const Finished shown = operate({"clock"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("doubted: the daemon lives by 2026-03-01T09:00:00Z, the wall "
                                   "clock says 2026-03-03T09:00:00Z"));
  EXPECT_EQ(operate({"clock", "accept"}).code, 0);
  ASSERT_TRUE(again.settle());
  EXPECT_EQ(sandbox.messages().size(), 1U) << "only with --yes";
  const Finished accepted = operate({"clock", "accept", "--by", "grace", "--yes"});
  EXPECT_EQ(accepted.code, 0) << accepted.err;
  EXPECT_THAT(accepted.out, HasSubstr("steady: "));
  ASSERT_TRUE(again.settle());
  EXPECT_EQ(sandbox.messages().size(), 2U);
  EXPECT_THAT(operate({"log"}).out, HasSubstr("grace  clock accept: lived by"));
  const Finished again_accepted = operate({"clock", "accept", "--yes"});
  EXPECT_EQ(again_accepted.code, 2);
  EXPECT_THAT(again_accepted.err, HasSubstr("the clock is not in doubt"));
}

// Folders with rules of the zones, for processes that are started while it lives.
class ZoneFolder {
 public:
  // In which Berlin has the rules of `like`.
  ZoneFolder(const fs::path& folder, const std::string& like, const std::string& edition) {
    const fs::path system = "/usr/share/zoneinfo";
    for (const char* part : {"Europe", "America"}) fs::create_directories(folder / part);
    fs::copy_file(system / like, folder / "Europe/Berlin");
    fs::copy_file(system / "America/New_York", folder / "America/New_York");
    fs::copy_file(system / "UTC", folder / "UTC");
    std::ofstream(folder / "tzdata.zi") << "# version " << edition << "\n";
    ::setenv("TZDIR", folder.c_str(), 1);
  }
  ~ZoneFolder() { ::unsetenv("TZDIR"); }
};

// Ada signed up at ten o'clock in Berlin and waits for ten o'clock two days later.
TEST_F(ClockTest, TenOClockIsWhenTheRulesOfTheNextProcessSay) {
  {
    const ZoneFolder old_rules(project.folder() / "old", "Europe/Berlin", "2026a");
    with_ada_waiting()->kill9();
  }
  const ZoneFolder new_rules(project.folder() / "new", "Europe/London", "2026b");
  Daemon again(project, kStart, "again");
  ASSERT_NE(again.port(), 0) << again.process().err();
  again.jump_to(kBranch);
  EXPECT_EQ(sandbox.messages().size(), 1U) << "nine o'clock by the new rules";
  expect_branch(again, "2026-03-03T09:59:59.999Z", "2026-03-03T10:00:00Z");
}

TEST_F(ClockTest, AnEditionOfTheSameNameWithOtherRulesIsNoticed) {
  {
    const ZoneFolder old_rules(project.folder() / "old", "Europe/Berlin", "2026a");
    with_ada_waiting()->kill9();
  }
  const ZoneFolder new_rules(project.folder() / "new", "Europe/Helsinki", "2026a");
  Daemon again(project, kStart, "again");
  ASSERT_NE(again.port(), 0) << again.process().err();
  expect_branch(again, "2026-03-03T07:59:59.999Z", "2026-03-03T08:00:00Z");
}

}  // namespace
}  // namespace sojourn::e2e
