// `sojourn pause --clock freeze` through the real store: what goes on from where it was, what
// stays, and that neither a restart nor a crash nor an event in the middle changes that.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using base::seconds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using What = JourneyCommand::What;

constexpr const char* kDeclared = R"(
  user { plan string }
  event signup
  event login
  event leave
  message_type account = 1 transactional opt_out
  campaign first  = 101 email account
  campaign second = 102 email account
  webhook scoring = "https://scores.example.com/one"
  policy { timezone "UTC" }
)";

std::string email(int user) {
  return fmt::format("u{}@example.com", user);
}

void track(ShardWorld& shard, std::string_view event, int user = 0) {
  EXPECT_EQ(shard.track(fmt::format(R"({{"email":"{}","eventName":"{}"}})", email(user), event)),
            "200 Success");
}

void go_to(ShardWorld& shard, std::string_view when) {
  shard.pass(*base::parse_timestamp(when) - shard.now());
}

// Of the only enrollment of the person.
nlohmann::json enrollment(ShardWorld& shard, int user = 0) {
  return nlohmann::json::parse(shard.report(email(user)))["enrollments"][0];
}

constexpr const char* kJourney = R"(
  journey j {
    enter on signup
    exit on leave
    reenter always
    wait for login up to 3d { wait 2h  send first } timeout { send second }
    wait 90d
  }
)";

class Freezes : public ::testing::Test {
 protected:
  // Campaigns that left since last asked, in order; all are accepted.
  std::string sent() {
    std::string campaigns;
    while (!shard.nothing_to_take()) {
      const Outgoing outgoing = shard.take();
      const auto body = nlohmann::json::parse(outgoing.request.body);
      shard.accept(outgoing);
      campaigns +=
          fmt::format("{}{}", campaigns.empty() ? "" : " ", body["campaignId"].get<std::int64_t>());
    }
    return campaigns;
  }
  std::string due(int user = 0) { return enrollment(shard, user)["due"]; }

  ShardWorld shard{std::string(kDeclared) + kJourney};
};

TEST_F(Freezes, AFrozenJourneyLetsNobodyInAndSaysWhatItIs) {
  track(shard, "signup");
  EXPECT_THAT(shard.freeze("j", false),
              AllOf(HasSubstr(R"("command":"pause --clock freeze")"), HasSubstr(R"("inside":1)")));
  EXPECT_EQ(shard.counter("operation/j/frozen"), 0) << "only counted";
  shard.freeze("j");
  EXPECT_EQ(shard.counter("operation/j/paused"), 1);
  EXPECT_EQ(shard.counter("operation/j/frozen"), 1);
  track(shard, "signup", 1);
  EXPECT_EQ(shard.counter("refused/j/paused"), 1);
  EXPECT_THAT(shard.command(What::kPause, "j"), HasSubstr("paused already, with its clock frozen"));
  EXPECT_THAT(shard.freeze("j"), HasSubstr("paused already"));
  shard.command(What::kResume, "j");
  EXPECT_EQ(shard.counter("operation/j/paused"), 0);
  EXPECT_EQ(shard.counter("operation/j/frozen"), 0);
  EXPECT_THAT(shard.commands(),
              ElementsAre(HasSubstr("pause --clock freeze j by ada: 1 inside, 0 due within a day"),
                          HasSubstr("resume j by ada: 1 inside")));
}

TEST_F(Freezes, WhatIsShownMeanwhileIsWhatWouldBeIfItWentOnNow) {
  track(shard, "signup");
  go_to(shard, "2026-03-04T08:00Z");
  shard.freeze("j");
  EXPECT_EQ(due(), "2026-03-04T09:00:00Z");
  EXPECT_EQ(enrollment(shard)["frozen"], true);
  go_to(shard, "2026-03-20T08:00Z");
  EXPECT_EQ(due(), "2026-03-20T09:00:00Z");
  EXPECT_THAT(shard.command(What::kResume, "j", false), HasSubstr(R"("held_back":1)"));
  shard.command(What::kResume, "j");
  go_to(shard, "2026-03-20T08:30Z");
  EXPECT_EQ(due(), "2026-03-20T09:00:00Z");
  EXPECT_FALSE(enrollment(shard).contains("frozen"));
  EXPECT_EQ(sent(), "");
  go_to(shard, "2026-03-20T09:00Z");
  EXPECT_EQ(sent(), "102");
  EXPECT_THAT(shard.report(email(0)), HasSubstr("the journey was frozen"));
}

// Neither the pause nor the resume looks at people; counts say what will be all the same.
TEST_F(Freezes, WhoIsNotTouchedIsReadWhenTheirOldTimeComes) {
  for (int user = 0; user < 5; ++user) track(shard, "signup", user);
  shard.freeze("j");
  shard.pass(days24(2));
  shard.command(What::kResume, "j");
  EXPECT_EQ(shard.store().count_timers(*base::parse_timestamp("2026-03-04T09:00Z"), 9).value(), 5U);
  EXPECT_EQ(due(3), "2026-03-06T09:00:00Z");
  go_to(shard, "2026-03-04T08:00Z");
  EXPECT_THAT(shard.command(What::kDrain, "j", false), HasSubstr(R"("due_within_a_day":0)"));
  go_to(shard, "2026-03-04T09:00Z");
  EXPECT_EQ(sent(), "");
  EXPECT_EQ(shard.store().count_timers(*base::parse_timestamp("2026-03-06T08:59Z"), 9).value(), 0U);
  EXPECT_EQ(shard.store().count_timers(*base::parse_timestamp("2026-03-06T09:00Z"), 9).value(), 5U);
  go_to(shard, "2026-03-05T09:00Z");
  EXPECT_THAT(shard.command(What::kDrain, "j", false), HasSubstr(R"("due_within_a_day":5)"));
  go_to(shard, "2026-03-06T08:59Z");
  EXPECT_EQ(sent(), "");
  go_to(shard, "2026-03-06T09:00Z");
  EXPECT_EQ(sent(), "102 102 102 102 102");
}

TEST_F(Freezes, AnEventRunsNoTimerThatThePauseHasMoved) {
  track(shard, "signup");
  go_to(shard, "2026-03-04T08:00Z");
  shard.freeze("j");
  go_to(shard, "2026-03-06T08:00Z");
  // Two days after the wait would have been over, it has an hour to go.
  track(shard, "login");
  EXPECT_EQ(due(), "2026-03-06T10:00:00Z") << "and what begins now lasts two hours";
  go_to(shard, "2026-03-06T11:00Z");
  EXPECT_EQ(sent(), "");
  EXPECT_EQ(due(), "2026-03-06T13:00:00Z");
  shard.command(What::kResume, "j");
  go_to(shard, "2026-03-06T12:59Z");
  EXPECT_EQ(sent(), "");
  go_to(shard, "2026-03-06T13:00Z");
  EXPECT_EQ(sent(), "101");
}

TEST_F(Freezes, ATimerThatWasDueBeforeRunsFirst) {
  track(shard, "signup");
  go_to(shard, "2026-03-04T08:00Z");
  shard.command(What::kPause, "j");
  go_to(shard, "2026-03-04T10:00Z");
  shard.command(What::kResume, "j");
  shard.freeze("j");
  go_to(shard, "2026-03-05T10:00Z");
  track(shard, "login");
  EXPECT_EQ(shard.counter("planned/j/second"), 1) << "it was late already";
  EXPECT_EQ(shard.counter("planned/j/first"), 0);
}

TEST_F(Freezes, ExitsGoOnMeanwhile) {
  track(shard, "signup");
  shard.freeze("j");
  shard.pass(days24(5));
  track(shard, "leave");
  EXPECT_EQ(shard.counter("exited/j/leave"), 1);
}

TEST_F(Freezes, OneFreezeAfterAnotherAddsUpAndAPauseWithARunningClockAddsNothing) {
  track(shard, "signup");
  track(shard, "signup", 1);
  shard.pass(hours(1));
  shard.freeze("j");
  shard.pass(hours(10));
  shard.command(What::kResume, "j");
  // One of them has followed; the other has not.
  shard.update(R"({"email":"u1@example.com","dataFields":{"plan":"pro"}})");
  shard.pass(hours(1));
  shard.freeze("j");
  shard.pass(hours(20));
  shard.command(What::kResume, "j");
  shard.command(What::kPause, "j");
  shard.pass(hours(4));
  shard.command(What::kResume, "j");
  shard.pass(seconds(1));
  EXPECT_EQ(due(0), "2026-03-05T15:00:00Z");
  EXPECT_EQ(due(1), "2026-03-05T15:00:00Z");
  go_to(shard, "2026-03-05T14:59:59Z");
  EXPECT_EQ(sent(), "");
  go_to(shard, "2026-03-05T15:00:00Z");
  EXPECT_EQ(sent(), "102 102");
}

TEST_F(Freezes, ItOutlivesRestartsAndGoesOnWhileNobodyIsThere) {
  track(shard, "signup");
  shard.pass(hours(1));
  // The command is durable, and the process dies before anything else.
  shard.stop_after(1);
  shard.freeze("j");
  shard.open_again();
  shard.move_clock(days24(9));
  shard.restart();
  EXPECT_EQ(sent(), "");
  EXPECT_EQ(due(), "2026-03-13T09:00:00Z");
  shard.stop_after(1);
  shard.command(What::kResume, "j");
  shard.open_again();
  shard.restart();
  go_to(shard, "2026-03-13T08:59:59Z");
  EXPECT_EQ(sent(), "");
  shard.restart();
  go_to(shard, "2026-03-13T09:00Z");
  EXPECT_EQ(sent(), "102");
}

// Killed after each number of turns while what was held back is put on its new times.
TEST_F(Freezes, ACrashInTheMiddleOfTheReleaseLosesNobodyAndHurriesNobody) {
  constexpr int kPeople = 7;
  ShardSettings settings;
  settings.turn.release_per_second = 2;
  for (int turns = 1; turns <= 6; ++turns) {
    ShardWorld world(std::string(kDeclared) + kJourney, settings);
    for (int user = 0; user < kPeople; ++user) track(world, "signup", user);
    go_to(world, "2026-03-04T08:00Z");
    world.freeze("j");
    world.pass(days24(2));
    EXPECT_EQ(world.counter("held_back/j"), kPeople);
    world.command(What::kResume, "j");
    for (int second = 0; second < turns; ++second) {
      world.stop_after(1);
      world.pass(seconds(1));
      world.open_again();
    }
    go_to(world, "2026-03-06T08:59:59Z");
    EXPECT_TRUE(world.nothing_to_take());
    for (int second = 0; second < 5; ++second) world.pass(seconds(1));
    EXPECT_EQ(world.counter("planned/j/second"), kPeople);
    EXPECT_EQ(world.counter("held_back/j"), 0);
  }
}

TEST_F(Freezes, AStopEndsTheFreezeAndADrainDoesNot) {
  track(shard, "signup");
  track(shard, "signup", 1);
  shard.freeze("j");
  shard.pass(hours(5));
  shard.command(What::kDrain, "j");
  EXPECT_EQ(shard.counter("operation/j/frozen"), 1);
  shard.pass(hours(5));
  EXPECT_EQ(due(), "2026-03-04T19:00:00Z");
  shard.command(What::kStop, "j");
  EXPECT_EQ(shard.counter("operation/j/frozen"), 0);
  EXPECT_EQ(shard.counter("exited/j/stopped"), 2);
  shard.command(What::kResume, "j");
  // Who comes now has nothing to follow.
  track(shard, "signup");
  EXPECT_EQ(due(), "2026-03-04T19:00:00Z");
  shard.restart();
  EXPECT_EQ(due(), "2026-03-04T19:00:00Z");
}

TEST_F(Freezes, WhoComesAgainBeginsWithTheClockAsItIs) {
  track(shard, "signup");
  shard.freeze("j");
  shard.pass(days24(1));
  track(shard, "leave");
  shard.command(What::kResume, "j");
  track(shard, "signup");
  EXPECT_EQ(due(), "2026-03-05T09:00:00Z");
  shard.restart();
  shard.freeze("j");
  shard.pass(hours(2));
  EXPECT_EQ(due(), "2026-03-05T11:00:00Z");
}

// The clock is the journey's, whichever text of it people run.
TEST_F(Freezes, ANewTextOfTheJourneyGoesByTheSameClock) {
  track(shard, "signup");
  shard.freeze("j");
  shard.pass(hours(6));
  track(shard, "leave");
  std::string edited = std::string(kDeclared) + kJourney;
  edited.replace(edited.find("wait 90d"), 8, "wait 80d");
  shard.restart_with(edited);
  shard.command(What::kResume, "j");
  track(shard, "signup");
  EXPECT_EQ(due(), "2026-03-04T15:00:00Z") << "three days";
  shard.freeze("j");
  shard.pass(hours(1));
  shard.command(What::kResume, "j");
  go_to(shard, "2026-03-04T15:59:59Z");
  EXPECT_EQ(sent(), "");
  go_to(shard, "2026-03-04T16:00Z");
  EXPECT_EQ(sent(), "102");
}

TEST_F(Freezes, OtherJourneysDoNotNotice) {
  ShardWorld world(std::string(kDeclared) + R"(
    journey j { enter on signup  wait 1d  send first }
    journey other { enter on signup  wait 1d  send second }
  )");
  track(world, "signup");
  world.freeze("j");
  world.pass(days24(1));
  const auto body = nlohmann::json::parse(world.take().request.body);
  EXPECT_EQ(body["campaignId"], 102);
  EXPECT_TRUE(world.nothing_to_take());
}

// What has not left has its deadline: that is about who reads it.
TEST_F(Freezes, AMessageThatIsLateByThenIsSkippedAsLate) {
  ShardWorld world(std::string(kDeclared) + R"(
    journey j {
      enter on signup
      wait for login up to 9d { send first within 1h }
      wait 9d
    }
  )");
  track(world, "signup");
  world.freeze("j");
  track(world, "login");
  world.pass(hours(2));
  world.command(What::kResume, "j");
  world.pass(seconds(1));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/j/first/late"), 1);
}

TEST_F(Freezes, ACallThatWasHeldBackIsStillMadeInItsTime) {
  ShardWorld world(std::string(kDeclared) + R"(
    journey j {
      enter on signup
      wait for login up to 9d {}
      call scoring up to 30s { send first } else { send second }
    }
  )");
  track(world, "signup");
  world.freeze("j");
  track(world, "login");
  EXPECT_TRUE(world.nothing_to_take());
  world.pass(hours(2));
  world.command(What::kResume, "j");
  world.pass(seconds(1));
  const Outgoing call = world.take();
  ASSERT_TRUE(call.call.has_value());
  world.reply(call, {});
  EXPECT_EQ(nlohmann::json::parse(world.take().request.body)["campaignId"], 101);
}

TEST_F(Freezes, PlacesInTheQueueKeepTheirDistanceFromThoseGivenLater) {
  ShardWorld world(std::string(kDeclared) + R"(
    journey j { enter on signup  pace 1 per 6h  wait 90d }
  )");
  for (int user = 0; user < 3; ++user) track(world, "signup", user);
  ASSERT_EQ(enrollment(world, 2)["due"], "2026-03-01T21:00:00Z");
  world.pass(hours(1));
  world.freeze("j");
  world.pass(hours(20));
  ASSERT_EQ(world.gauges().paces.size(), 1U);
  EXPECT_EQ(world.gauges().paces[0].wait, hours(11)) << "as when it was paused";
  world.restart();
  world.command(What::kResume, "j");
  track(world, "signup", 3);
  EXPECT_EQ(enrollment(world, 1)["due"], "2026-03-02T11:00:00Z");
  EXPECT_EQ(enrollment(world, 2)["due"], "2026-03-02T17:00:00Z");
  EXPECT_EQ(enrollment(world, 3)["due"], "2026-03-02T23:00:00Z");
}

TEST_F(Freezes, AReentryAndAGoalGoByWhatPeopleDid) {
  ShardWorld world(std::string(kDeclared) + R"(
    journey j {
      enter on signup
      reenter after 24h
      exit on leave
      goal back on login within 1d
      wait 90d
    }
  )");
  track(world, "signup");
  track(world, "signup", 1);
  track(world, "leave");
  world.freeze("j");
  world.pass(hours(24));
  world.command(What::kResume, "j");
  track(world, "signup");
  EXPECT_EQ(world.counter("entered/j"), 3);
  world.pass(hours(1));
  track(world, "login", 1);
  EXPECT_THAT(world.log(email(1)), Not(Contains(HasSubstr("goal"))));
}

}  // namespace
}  // namespace sojourn::runtime
