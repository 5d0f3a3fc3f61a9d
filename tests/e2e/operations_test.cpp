// `sojourn pause`, `resume`, `stop` and `log` as an operator types them, with a kill in the
// middle.

#include <gmock/gmock.h>

#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class OperationsTest : public WelcomeTest {
 protected:
  Finished operate(Words words) const {
    words.insert(words.end(), {"--project", project.folder().string()});
    return run_to_end(sojourn(words), project.folder() / "command");
  }
};

TEST_F(OperationsTest, APauseOutlivesTheProcessAndAResumeGoesOn) {
  {
    Daemon daemon(project, kStart);
    ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
    ASSERT_TRUE(daemon.settle());
    const Finished counted = operate({"pause", "welcome", "--clock", "run"});
    EXPECT_EQ(counted.code, 0) << counted.err;
    EXPECT_THAT(counted.out, HasSubstr("1 inside"));
    EXPECT_THAT(counted.out, HasSubstr("nothing was done"));
    const Finished paused =
        operate({"pause", "welcome", "--clock", "run", "--by", "grace", "--yes"});
    EXPECT_EQ(paused.code, 0) << paused.err;
    EXPECT_THAT(paused.out, Not(HasSubstr("nothing was done")));
    daemon.jump_to(kBranch);
    EXPECT_EQ(sandbox.messages().size(), 1U);
    const Json welcome = journey_in(daemon.status(), "welcome");
    EXPECT_EQ(welcome.at("states"), Json::array({"paused"}));
    EXPECT_EQ(welcome.at("held_back"), 1);
    EXPECT_EQ(daemon.track("bob@example.com", "signup", {{"plan", "pro"}}, "e-2").status, 200);
    daemon.kill9();
  }
  Daemon again(project, kBranch, "again");
  ASSERT_TRUE(again.settle());
  EXPECT_EQ(journey_in(again.status(), "welcome").at("refused"), (Json{{"paused", 1}}));
  EXPECT_EQ(sandbox.messages().size(), 1U);
  EXPECT_EQ(operate({"resume", "welcome", "--by", "grace", "--yes"}).code, 0);
  again.jump_to("2026-03-03T09:00:01Z");
  EXPECT_EQ(sandbox.messages().size(), 2U);
  const Finished log = operate({"log"});
  EXPECT_EQ(log.code, 0) << log.err;
  EXPECT_THAT(log.out, HasSubstr("grace  pause welcome: 1 inside"));
  EXPECT_THAT(log.out, HasSubstr("grace  resume welcome: 1 inside"));
}

// The journey waits two days after its first message, and is frozen when one of them is over.
TEST_F(OperationsTest, AFrozenJourneyHasAsMuchLeftWhenItGoesOnAfterAKill) {
  {
    Daemon daemon(project, kStart);
    ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
    ASSERT_TRUE(daemon.settle());
    daemon.jump_to("2026-03-02T09:00:00Z");
    const Finished counted = operate({"pause", "welcome", "--clock", "freeze"});
    EXPECT_EQ(counted.code, 0) << counted.err;
    EXPECT_THAT(counted.out, HasSubstr("pause --clock freeze welcome: nobody enters"));
    EXPECT_THAT(counted.out, HasSubstr("what is left of waits is left of them then"));
    EXPECT_THAT(counted.out, HasSubstr("1 inside"));
    EXPECT_THAT(counted.out, HasSubstr("nothing was done"));
    EXPECT_EQ(operate({"pause", "welcome", "--clock", "freeze", "--by", "grace", "--yes"}).code, 0);
    daemon.jump_to("2026-03-05T09:00:00Z");
    EXPECT_EQ(journey_in(daemon.status(), "welcome").at("states"),
              Json::array({"frozen", "paused"}));
    EXPECT_THAT(operate({"user", "ada@example.com"}).out,
                HasSubstr("due 2026-03-06T09:00:00Z if it were resumed now (frozen)"));
    daemon.kill9();
  }
  Daemon again(project, "2026-03-06T09:00:00Z", "again");
  ASSERT_TRUE(again.settle());
  EXPECT_EQ(sandbox.messages().size(), 1U);
  EXPECT_EQ(operate({"resume", "welcome", "--by", "grace", "--yes"}).code, 0);
  again.jump_to("2026-03-07T08:59:59Z");
  EXPECT_EQ(sandbox.messages().size(), 1U);
  EXPECT_THAT(operate({"user", "ada@example.com"}).out, HasSubstr("due 2026-03-07T09:00:00Z\n"));
  again.jump_to("2026-03-07T09:00:00Z");
  EXPECT_EQ(sandbox.messages().size(), 2U);
  EXPECT_THAT(operate({"log"}).out, HasSubstr("grace  pause --clock freeze welcome: 1 inside"));
}

TEST_F(OperationsTest, AStopSendsEverybodyOut) {
  Daemon daemon(project, kStart);
  ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(operate({"stop", "welcome", "--yes"}).code, 0);
  ASSERT_TRUE(daemon.settle());
  const Json welcome = journey_in(daemon.status(), "welcome");
  EXPECT_EQ(welcome.at("exited"), (Json{{"stopped", 1}}));
  EXPECT_EQ(welcome.at("states"), Json::array({"stopped"}));
  daemon.jump_to(kEnd);
  EXPECT_EQ(sandbox.messages().size(), 1U);
}

TEST_F(OperationsTest, ADrainLetsThoseInsideGoOnAndNobodyIn) {
  {
    Daemon daemon(project, kStart);
    ASSERT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
    ASSERT_TRUE(daemon.settle());
    const Finished counted = operate({"drain", "welcome"});
    EXPECT_THAT(counted.out, HasSubstr("1 inside"));
    EXPECT_THAT(counted.out, HasSubstr("nothing was done"));
    EXPECT_EQ(operate({"drain", "welcome", "--by", "grace", "--yes"}).code, 0);
    daemon.kill9();
  }
  Daemon again(project, kStart, "again");
  EXPECT_EQ(again.track("bob@example.com", "signup", {{"plan", "pro"}}, "e-2").status, 200);
  again.jump_to(kBranch);
  EXPECT_EQ(sandbox.messages().size(), 2U) << "both of ada's";
  const Json welcome = journey_in(again.status(), "welcome");
  EXPECT_EQ(welcome.at("refused"), (Json{{"draining", 1}}));
  EXPECT_THAT(operate({"log"}).out, HasSubstr("grace  drain welcome: 1 inside"));
}

TEST_F(OperationsTest, WhatMakesNoSenseEndsWithTwo) {
  Daemon daemon(project, kStart);
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  const Finished unknown = operate({"drain", "welcom"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean `welcome`?"));
  EXPECT_EQ(operate({"pause", "welcome", "--clock", "freeze", "--yes"}).code, 0);
  const Finished twice = operate({"pause", "welcome", "--clock", "run", "--yes"});
  EXPECT_EQ(twice.code, 2);
  EXPECT_THAT(twice.err, HasSubstr("paused already, with its clock frozen"));
  EXPECT_EQ(operate({"pause", "welcome"}).code, 2) << "what becomes of time has to be said";
}

}  // namespace
}  // namespace sojourn::e2e
