// `sojourn pause`, `resume`, `drain` and `stop` through the real store: what goes on, what is
// held back, what a restart in the middle changes (nothing).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::hours;
using base::seconds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using What = JourneyCommand::What;

constexpr const char* kWorld = R"(
  event signup
  event login
  event leave
  event other_signup
  message_type account = 1 transactional opt_out
  campaign first  = 101 email account
  campaign second = 102 email account
  campaign urgent = 103 email account
  campaign beside = 104 email account
  policy { timezone "UTC" }
  journey j {
    enter on signup
    exit on leave
    send first
    wait 1d
    send second
    wait 1d
  }
  journey waiting {
    enter on signup
    exit on leave
    wait for login up to 10d {
      send urgent within 1h
    }
    wait 1d
  }
  journey other {
    enter on other_signup
    wait 1d
    send beside
    wait 1d
  }
)";

std::string email(int user) {
  return fmt::format("u{}@example.com", user);
}

void track(ShardWorld& shard, std::string_view event, int user) {
  EXPECT_EQ(shard.track(fmt::format(R"({{"email":"{}","eventName":"{}"}})", email(user), event)),
            "200 Success");
}

nlohmann::json body_of(const Outgoing& outgoing) {
  return nlohmann::json::parse(outgoing.request.body);
}

// The campaign of the oldest request, which is accepted.
int take_campaign(ShardWorld& shard) {
  const Outgoing outgoing = shard.take();
  if (outgoing.request.body.empty()) return 0;
  shard.accept(outgoing);
  return body_of(outgoing)["campaignId"];
}

// Whom the oldest request is for; it is accepted.
std::string take_recipient(ShardWorld& shard) {
  const Outgoing outgoing = shard.take();
  if (outgoing.request.body.empty()) return "nobody";
  shard.accept(outgoing);
  return body_of(outgoing)["recipientEmail"];
}

// People in `j`, with the first message accepted.
void enter(ShardWorld& shard, int people) {
  for (int user = 0; user < people; ++user) {
    track(shard, "signup", user);
    EXPECT_EQ(take_campaign(shard), 101);
  }
}

TEST(Operations, APausedJourneyLetsNobodyInAndDoesNothingByItself) {
  ShardWorld shard(kWorld);
  enter(shard, 1);
  EXPECT_THAT(shard.command(What::kPause, "j"), HasSubstr(R"("done":true)"));
  track(shard, "signup", 1);
  EXPECT_EQ(shard.counter("refused/j/paused"), 1);
  EXPECT_THAT(shard.log(email(1)), Contains("refused j signup paused"));
  shard.pass(hours(36));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("held_back/j"), 1);
  EXPECT_EQ(shard.counter("operation/j/paused"), 1);
  shard.restart();
  shard.pass(hours(1));
  EXPECT_TRUE(shard.nothing_to_take());
  shard.command(What::kResume, "j");
  EXPECT_TRUE(shard.nothing_to_take()) << "it goes on at a rate, from now";
  shard.pass(seconds(1));
  EXPECT_EQ(take_campaign(shard), 102);
  EXPECT_EQ(shard.counter("held_back/j"), 0);
  EXPECT_EQ(shard.counter("operation/j/paused"), 0);
  shard.pass(hours(24));
  EXPECT_EQ(shard.counter("exited/j/completed"), 1) << "what comes after goes by the clock again";
}

TEST(Operations, OthersAreNotHeldUpByWhatIsHeldBack) {
  ShardSettings settings;
  settings.turn.max_timers = 2;
  ShardWorld shard(kWorld, settings);
  enter(shard, 5);
  track(shard, "other_signup", 9);
  shard.command(What::kPause, "j");
  shard.pass(hours(25));
  EXPECT_EQ(take_campaign(shard), 104);
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("held_back/j"), 5);
}

TEST(Operations, WhatWasHeldBackGoesOnInOrderAtARateAcrossRestarts) {
  ShardSettings settings;
  settings.turn.release_per_second = 2;
  ShardWorld shard(kWorld, settings);
  for (int user = 0; user < 5; ++user) {
    track(shard, "signup", user);
    EXPECT_EQ(take_campaign(shard), 101);
    shard.pass(base::minutes(1));
  }
  shard.command(What::kPause, "j");
  shard.pass(hours(48));
  shard.command(What::kResume, "j");
  shard.pass(seconds(1));
  EXPECT_EQ(take_recipient(shard), email(0));
  EXPECT_EQ(take_recipient(shard), email(1));
  EXPECT_TRUE(shard.nothing_to_take());
  shard.restart();
  EXPECT_TRUE(shard.nothing_to_take()) << "a restart brings nothing forward";
  shard.pass(seconds(1));
  EXPECT_EQ(take_recipient(shard), email(2));
  EXPECT_EQ(take_recipient(shard), email(3));
  EXPECT_TRUE(shard.nothing_to_take());
  // However long nobody looked, no more than a second's worth goes at once.
  shard.command(What::kPause, "j");
  shard.restart();
  shard.command(What::kResume, "j");
  shard.pass(hours(1));
  EXPECT_EQ(take_recipient(shard), email(4));
  EXPECT_EQ(shard.counter("held_back/j"), 0);
}

TEST(Operations, ExitsByEventsGoOnWhilePaused) {
  ShardWorld shard(kWorld);
  enter(shard, 2);
  shard.command(What::kPause, "j");
  shard.pass(hours(25));
  track(shard, "leave", 0);
  EXPECT_EQ(shard.counter("exited/j/leave"), 1);
  shard.command(What::kResume, "j");
  shard.pass(seconds(1));
  EXPECT_EQ(take_recipient(shard), email(1));
  EXPECT_TRUE(shard.nothing_to_take());
}

TEST(Operations, AnEventThatSomebodyWaitsForIsTakenAndItsMessageWaits) {
  ShardWorld shard(kWorld);
  track(shard, "signup", 0);
  EXPECT_EQ(take_campaign(shard), 101);
  shard.command(What::kPause, "waiting");
  track(shard, "login", 0);
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("planned/waiting/urgent"), 1);
  EXPECT_THAT(shard.report(email(0)), HasSubstr(R"("state":"held back")"));
  shard.restart();
  shard.command(What::kResume, "waiting");
  shard.pass(seconds(1));
  EXPECT_EQ(take_campaign(shard), 103);
}

TEST(Operations, AnOptOutIsToldToIterableAllTheSame) {
  ShardWorld shard(R"(
    user { plan string }
    event signup
    event login
    message_type news = 7 marketing opt_out
    policy { timezone "UTC" }
    journey j {
      enter on signup
      wait for login up to 10d {
        update user { plan: "none" }
        unsubscribe from news
      }
      wait 1d
    }
  )");
  track(shard, "signup", 0);
  shard.command(What::kPause, "j");
  track(shard, "login", 0);
  EXPECT_THAT(shard.take().request.path, HasSubstr("subscriptions"));
  EXPECT_TRUE(shard.nothing_to_take()) << "the update waits";
  EXPECT_EQ(shard.counter("held_back/j"), 1);
}

TEST(Operations, AMessageThatIsLateByThenIsSkippedAsLate) {
  ShardWorld shard(kWorld);
  track(shard, "signup", 0);
  EXPECT_EQ(take_campaign(shard), 101);
  shard.command(What::kPause, "waiting");
  track(shard, "login", 0);
  shard.pass(hours(2));
  shard.command(What::kResume, "waiting");
  shard.pass(seconds(1));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("skipped/waiting/urgent/late"), 1);
}

TEST(Operations, WhatIsUnderWayComesToItsEndAndARetryWaits) {
  ShardWorld shard(kWorld);
  track(shard, "signup", 0);
  track(shard, "signup", 1);
  const Outgoing accepted = shard.take();
  const Outgoing failed = shard.take();
  shard.command(What::kPause, "j");
  shard.accept(accepted);
  shard.end(failed, connectors::OutcomeKind::kRetry);
  shard.pass(hours(1));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("accepted/j/first"), 1);
  shard.command(What::kResume, "j");
  shard.pass(seconds(1));
  const Outgoing again = shard.take();
  EXPECT_EQ(again.key.message, failed.key.message);
  EXPECT_EQ(again.attempt, 2U);
}

TEST(Operations, ADrainedJourneyLetsNobodyInAndThoseInsideGoOn) {
  ShardWorld shard(kWorld);
  enter(shard, 1);
  shard.command(What::kDrain, "j");
  shard.restart();
  track(shard, "signup", 1);
  EXPECT_EQ(shard.counter("refused/j/draining"), 1);
  shard.pass(hours(24));
  EXPECT_EQ(take_campaign(shard), 102);
  shard.pass(hours(24));
  EXPECT_EQ(shard.counter("exited/j/completed"), 1);
  shard.command(What::kResume, "j");
  track(shard, "signup", 1);
  EXPECT_EQ(shard.counter("entered/j"), 2);
}

TEST(Operations, AStopSendsEverybodyOutAndTakesBackWhatHasNotLeft) {
  ShardSettings settings;
  settings.max_in_doubt = 1;
  ShardWorld shard(kWorld, settings);
  for (int user = 0; user < 3; ++user) track(shard, "signup", user);
  const Outgoing claimed = shard.take();
  EXPECT_TRUE(shard.nothing_to_take()) << "two messages wait for room";
  EXPECT_THAT(shard.command(What::kStop, "j"),
              AllOf(HasSubstr(R"("inside":3)"), HasSubstr(R"("messages_waiting":3)")));
  EXPECT_EQ(shard.counter("exited/j/stopped"), 3);
  EXPECT_EQ(shard.counter("skipped/j/first/exited"), 2);
  EXPECT_THAT(shard.log(email(2)), Contains("exited j first stopped"));
  shard.accept(claimed);
  EXPECT_EQ(shard.counter("accepted/j/first"), 1);
  EXPECT_TRUE(shard.nothing_to_take());
  track(shard, "signup", 7);
  EXPECT_EQ(shard.counter("refused/j/stopped"), 1);
  EXPECT_EQ(shard.counter("entered/waiting"), 4) << "other journeys do not notice";
  EXPECT_EQ(shard.counter("exited/waiting/stopped"), 0);
}

TEST(Operations, AStopGoesOnWhereACrashLeftItAndWhoIsTouchedIsOutAtOnce) {
  ShardSettings settings;
  settings.turn.max_sent_out = 2;
  ShardWorld shard(kWorld, settings);
  enter(shard, 7);
  shard.stop_after(1);
  shard.command(What::kStop, "j");
  EXPECT_EQ(shard.counter("exited/j/stopped"), 2);
  shard.open_again();
  EXPECT_EQ(shard.counter("exited/j/stopped"), 2);
  shard.move_clock(hours(30));
  shard.run_turns(1);
  EXPECT_EQ(shard.counter("exited/j/stopped"), 7) << "all of them were due in this turn";
  shard.restart();
  shard.pass(hours(48));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("exited/j/completed"), 0);
  shard.command(What::kResume, "j");
  EXPECT_EQ(shard.counter("operation/j/stopped"), 0);
}

TEST(Operations, AStopReachesThoseInTheQueueOfPace) {
  ShardWorld shard(R"(
    event signup
    event done
    policy { timezone "UTC" }
    journey j {
      enter on signup
      pace 1 per 1h
      track done
      wait 10d
    }
  )");
  track(shard, "signup", 0);
  track(shard, "signup", 1);
  EXPECT_EQ(shard.counter("events/done"), 1);
  shard.command(What::kStop, "j");
  EXPECT_EQ(shard.counter("exited/j/stopped"), 2);
  shard.pass(hours(2));
  EXPECT_EQ(shard.counter("events/done"), 1);
}

TEST(Operations, AStopOfAPausedJourneyTakesBackWhatIsHeldBack) {
  ShardWorld shard(kWorld);
  track(shard, "signup", 0);
  EXPECT_EQ(take_campaign(shard), 101);
  shard.command(What::kPause, "waiting");
  track(shard, "login", 0);
  shard.command(What::kStop, "waiting");
  EXPECT_EQ(shard.counter("skipped/waiting/urgent/exited"), 1);
  shard.pass(seconds(1));
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("held_back/waiting"), 0);
  EXPECT_EQ(shard.counter("operation/waiting/paused"), 0);
  EXPECT_EQ(shard.counter("operation/waiting/stopped"), 1);
}

TEST(Operations, WithoutYesNothingIsDone) {
  ShardWorld shard(kWorld);
  enter(shard, 2);
  shard.pass(hours(1));
  const auto counts = nlohmann::json::parse(shard.command(What::kStop, "j", false));
  EXPECT_FALSE(counts["done"]);
  EXPECT_EQ(counts["inside"], 2);
  EXPECT_EQ(counts["due_within_a_day"], 2);
  EXPECT_EQ(counts["messages_waiting"], 0);
  EXPECT_EQ(shard.counter("exited/j/stopped"), 0);
  EXPECT_THAT(shard.commands(), IsEmpty());
}

TEST(Operations, ACommandThatMakesNoSenseSaysWhy) {
  ShardWorld shard(kWorld);
  EXPECT_THAT(shard.command(What::kPause, "others"), HasSubstr("did you mean `other`?"));
  EXPECT_THAT(shard.command(What::kResume, "j"), HasSubstr("neither paused nor drained"));
  EXPECT_THAT(shard.commands(), IsEmpty());
}

TEST(Operations, CommandsStandInTheLogAcrossRestarts) {
  ShardWorld shard(kWorld);
  enter(shard, 1);
  shard.command(What::kPause, "j");
  shard.restart();
  shard.command(What::kResume, "j");
  EXPECT_THAT(
      shard.commands(),
      ElementsAre("pause j by ada: 1 inside, 1 due within a day, 0 messages waiting, 0 held "
                  "back",
                  "resume j by ada: 1 inside, 1 due within a day, 0 messages waiting, 0 held "
                  "back"));
  EXPECT_EQ(shard.notes().front().event, "operator");
}

}  // namespace
}  // namespace sojourn::runtime
