// Answers that never came: the message is parked, looked up where Iterable lists what it sent,
// and only then sent again or given up, as its campaign says. Through the real store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::minutes;
using base::seconds;
using connectors::OutcomeKind;
using connectors::iterable::LookUp;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

constexpr const char* kJourneys = R"(
  event signup
  event login
  event shopped
  event asked
  event texted
  event pinged
  event left
  message_type news = 1 transactional opt_out
  campaign hello     = 101 email news
  campaign once_only = 102 email news { delivery at_most_once }
  campaign text      = 103 sms news
  campaign ping      = 104 web_push news
  policy { timezone "UTC" }
  journey trial {
    owner "a@example.com"
    enter on signup
    exit on left
    send hello
    wait 1d
  }
  journey back { owner "a@example.com" enter on login send hello }
  journey shop { owner "a@example.com" enter on shopped send hello within 1m }
  journey careful { owner "a@example.com" enter on asked send once_only }
  journey by_phone { owner "a@example.com" enter on texted send text }
  journey pings { owner "a@example.com" enter on pinged send ping }
)";

std::string event(const std::string& name, const std::string& who = "ada@example.com") {
  return R"({"email":")" + who + R"(","eventName":")" + name + R"("})";
}

ShardSettings with_look_ups() {
  ShardSettings settings;
  settings.turn.look_up_after = minutes(2);
  return settings;
}

LookUp listed(std::uint32_t count) {
  return {.kind = LookUp::Kind::kListed, .listed = count, .retry_after = {}, .message = "200"};
}
LookUp failed() {
  return {.kind = LookUp::Kind::kFailed, .listed = 0, .retry_after = {}, .message = "status 500"};
}
LookUp impossible() {
  return {
      .kind = LookUp::Kind::kImpossible, .listed = 0, .retry_after = {}, .message = "status 404"};
}

class Doubts : public testing::Test {
 protected:
  // A message whose answer never comes.
  Outgoing lose(const std::string& name, const std::string& who = "ada@example.com") {
    world.track(event(name, who));
    return lose_next();
  }
  Outgoing lose_next() {
    Outgoing sent = world.take();
    world.end(sent, OutcomeKind::kUnknown);
    return sent;
  }
  Outgoing look_up_due() {
    world.pass(minutes(2));
    Outgoing asked = world.take();
    EXPECT_EQ(asked.endpoint, Endpoint::kSentMessages);
    return asked;
  }
  std::vector<std::string> notes(const std::string& name) {
    std::vector<std::string> details;
    for (const OperatorNote& note : world.notes()) {
      if (note.event == name) details.push_back(note.detail);
    }
    return details;
  }

  ShardWorld world{kJourneys, with_look_ups()};
};

TEST_F(Doubts, AMessageThatIsListedWasTaken) {
  const Outgoing sent = lose("signup");
  EXPECT_EQ(world.counter("parked/email"), 1);
  world.pass(base::Millis{minutes(2).count - 1});
  EXPECT_TRUE(world.nothing_to_take()) << "Iterable may list it later than it took it";
  world.pass(base::Millis{1});
  const Outgoing asked = world.take();
  EXPECT_EQ(asked.endpoint, Endpoint::kSentMessages);
  EXPECT_EQ(asked.request.method, "GET");
  EXPECT_EQ(asked.request.path,
            "/api/users/getSentMessages?email=ada@example.com&campaignIds=101"
            "&startDateTime=2026-03-01%2008%3A59%3A00%20%2B00%3A00&limit=1000");
  EXPECT_EQ(asked.key.message, sent.key.message);
  EXPECT_EQ(asked.attempt, 1u) << "a look-up is no attempt";
  world.learn(asked, listed(1));
  EXPECT_EQ(world.counter("accepted/trial/hello"), 1);
  EXPECT_EQ(world.counter("look_ups/email/taken"), 1);
  EXPECT_EQ(world.counter("parked/email"), 0);
  EXPECT_THAT(world.log("ada@example.com"), Contains("looked_up trial hello taken"));
  world.pass(base::hours(1));
  EXPECT_TRUE(world.nothing_to_take()) << "nothing is doubled";
  world.pass(base::days24(1));
  EXPECT_EQ(world.counter("exited/trial/completed"), 1) << "the journey went on";
}

TEST_F(Doubts, AMessageThatIsNotListedIsSentAgainUnderItsKey) {
  const Outgoing sent = lose("signup");
  world.learn(look_up_due(), listed(0));
  const Outgoing again = world.take();
  EXPECT_EQ(again.endpoint, Endpoint::kEmail);
  EXPECT_EQ(again.key.message, sent.key.message);
  EXPECT_EQ(again.attempt, 2u);
  world.accept(again);
  EXPECT_EQ(world.counter("accepted/trial/hello"), 1);
  EXPECT_EQ(world.counter("look_ups/email/not_taken"), 1);
  EXPECT_EQ(world.counter("may_be_doubled/email"), 0);
}

TEST_F(Doubts, WhereItIsImpossibleAtLeastOnceIsSentAgainAndListed) {
  const Outgoing sent = lose("signup");
  world.learn(look_up_due(), impossible());
  EXPECT_EQ(world.counter("may_be_doubled/email"), 1);
  EXPECT_THAT(notes("may_be_doubled"), ElementsAre(HasSubstr(sent.key.message.hex())));
  world.pass(seconds(1));
  EXPECT_EQ(world.take().attempt, 2u);
}

TEST_F(Doubts, AtMostOnceIsNeverSentAgain) {
  for (const auto& [who, found] :
       std::vector<std::pair<std::string, LookUp>>{{"none@example.com", listed(0)},
                                                   {"many@example.com", listed(2)},
                                                   {"no@example.com", impossible()}}) {
    lose("asked", who);
    world.learn(look_up_due(), found);
    world.pass(base::hours(1));
    EXPECT_TRUE(world.nothing_to_take()) << who;
  }
  EXPECT_EQ(world.counter("skipped/careful/once_only/unknown"), 3);
  EXPECT_EQ(world.counter("may_be_doubled/email"), 0);
  DeliveryQuery query;
  query.filter.state = DeliveryState::kInDoubt;
  query.token = 1;
  EXPECT_EQ(Json::parse(world.ask(query)).at("deliveries").size(), 3u);
}

TEST_F(Doubts, AtMostOnceThatIsListedWasTaken) {
  lose("asked");
  world.learn(look_up_due(), listed(1));
  EXPECT_EQ(world.counter("accepted/careful/once_only"), 1);
}

TEST_F(Doubts, ALookUpThatSaysNothingIsAskedAgainSomeTimes) {
  lose("signup");
  world.learn(look_up_due(), failed());
  for (int i = 2; i <= 5; ++i) {
    world.pass(minutes(16));
    const Outgoing asked = world.take();
    ASSERT_EQ(asked.endpoint, Endpoint::kSentMessages) << i;
    world.learn(asked, failed());
  }
  EXPECT_EQ(world.counter("look_ups/email/no_answer"), 1);
  EXPECT_EQ(world.counter("may_be_doubled/email"), 1);
  world.pass(seconds(1));
  EXPECT_EQ(world.take().endpoint, Endpoint::kEmail);
}

TEST_F(Doubts, WhatAnotherMessageOfOursExplainsIsNotThisOne) {
  world.track(event("signup"));
  world.accept(world.take());
  lose("login");
  world.learn(look_up_due(), listed(1));
  EXPECT_EQ(world.counter("look_ups/email/unclear"), 1)
      << "it may be the first; then this one is missing, or the first was not sent at last";
  EXPECT_EQ(world.counter("may_be_doubled/email"), 1);
}

TEST_F(Doubts, OneMoreThanOthersExplainIsThisOne) {
  world.track(event("signup"));
  world.accept(world.take());
  lose("login");
  world.learn(look_up_due(), listed(2));
  EXPECT_EQ(world.counter("accepted/back/hello"), 1);
}

TEST_F(Doubts, AMessageOfLongAgoExplainsNothing) {
  world.track(event("signup"));
  world.accept(world.take());
  world.pass(minutes(2));
  lose("login");
  world.learn(look_up_due(), listed(1));
  EXPECT_EQ(world.counter("accepted/back/hello"), 1);
}

TEST_F(Doubts, OneListedMessageCannotTellTwoDoubtsApart) {
  lose("signup");
  lose("login");
  world.pass(minutes(2));
  const Outgoing first = world.take();
  const Outgoing second = world.take();
  world.learn(first, listed(1));
  EXPECT_EQ(world.counter("look_ups/email/unclear"), 1);
  world.learn(second, listed(0));
  EXPECT_EQ(world.counter("look_ups/email/not_taken"), 1);
}

TEST_F(Doubts, TwoAttemptsMayBothHaveArrived) {
  lose("signup");
  world.learn(look_up_due(), listed(0));
  lose_next();
  const Outgoing asked = look_up_due();
  EXPECT_THAT(asked.request.path, HasSubstr("08%3A59%3A00")) << "from the first of them on";
  world.learn(asked, listed(2));
  EXPECT_EQ(world.counter("accepted/trial/hello"), 1);
}

TEST_F(Doubts, AreOnDisk) {
  lose("signup");
  world.restart();
  EXPECT_TRUE(world.nothing_to_take());
  const Outgoing asked = look_up_due();
  // The process dies while it asks: it asks again.
  world.restart();
  world.pass(seconds(1));
  const Outgoing again = world.take();
  EXPECT_EQ(again.request.path, asked.request.path);
  world.learn(again, listed(1));
  EXPECT_EQ(world.counter("accepted/trial/hello"), 1);
  EXPECT_EQ(world.counter("in_doubt/email"), 1);
  EXPECT_EQ(world.counter("parked/email"), 0);
}

TEST_F(Doubts, WhatWasClaimedWhenTheProcessDiedIsLookedUp) {
  world.track(event("signup"));
  world.take();
  world.pass(minutes(5));
  world.restart();
  EXPECT_TRUE(world.nothing_to_take());
  const Outgoing asked = look_up_due();
  EXPECT_THAT(asked.request.path, HasSubstr("08%3A59%3A00")) << "from the claim on";
  world.learn(asked, listed(0));
  EXPECT_EQ(world.take().attempt, 2u);
}

TEST_F(Doubts, AWebPushIsNotInTheListAndIsSentAgainAtOnce) {
  lose("pinged");
  EXPECT_EQ(world.counter("parked/web_push"), 0);
  EXPECT_EQ(world.counter("may_be_doubled/web_push"), 1);
  world.pass(seconds(1));
  EXPECT_EQ(world.take().endpoint, Endpoint::kWebPush);
}

TEST(DoubtsWithoutLookUps, AreListedEachTimeThatTheyAreSentAgain) {
  ShardSettings settings;
  settings.turn.look_up_after = {};
  ShardWorld world(kJourneys, settings);
  world.track(event("signup"));
  for (int sent = 1; sent <= 2; ++sent) {
    const Outgoing lost = world.take();
    world.end(lost, OutcomeKind::kUnknown);
    EXPECT_EQ(world.counter("may_be_doubled/email"), sent);
    EXPECT_EQ(world.notes().back().event, "may_be_doubled");
    EXPECT_THAT(world.notes().back().detail, HasSubstr(lost.key.message.hex()));
    world.pass(minutes(1));
  }
  world.track(event("asked", "bob@example.com"));
  world.accept(world.take());
  world.end(world.take(), OutcomeKind::kUnknown);
  EXPECT_EQ(world.counter("may_be_doubled/email"), 2) << "at most once is not sent again";
}

TEST_F(Doubts, AnExitMeanwhileLetsNothingLeaveAndKeepsWhatArrived) {
  lose("signup");
  lose("signup", "bob@example.com");
  world.track(event("left"));
  world.track(event("left", "bob@example.com"));
  world.pass(minutes(2));
  world.learn(world.take(), listed(1));
  world.learn(world.take(), listed(0));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("accepted/trial/hello"), 1);
  EXPECT_EQ(world.counter("skipped/trial/hello/exited"), 1);
}

TEST_F(Doubts, TheDeadlineHoldsForWhatIsParked) {
  lose("shopped");
  world.learn(look_up_due(), listed(0));
  EXPECT_TRUE(world.nothing_to_take());
  EXPECT_EQ(world.counter("skipped/shop/hello/late"), 1);
}

TEST(DoubtsWithABudget, AreAskedOneAfterTheOther) {
  ShardSettings settings = with_look_ups();
  settings.budgets = EndpointBudgets::published();
  ShardWorld world(kJourneys, settings);
  for (int i = 0; i < 6; ++i) {
    world.track(event("signup", "u" + std::to_string(i) + "@example.com"));
    world.end(world.take(), OutcomeKind::kUnknown);
  }
  world.pass(minutes(2));
  int asked = 0;
  base::Instant last = world.now();
  const base::Instant first = last;
  for (int i = 0; i < 100; ++i) {
    while (!world.nothing_to_take()) {
      world.learn(world.take(), listed(1));
      last = world.now();
      ++asked;
    }
    EXPECT_LE(asked, 1 + i / 4) << "2.4 in a second: four fifths of what Iterable takes";
    world.pass(base::Millis{100});
  }
  EXPECT_EQ(asked, 6);
  EXPECT_GE(last - first, base::Millis{2'000});
  EXPECT_EQ(world.counter("accepted/trial/hello"), 6);
}

TEST_F(Doubts, ThatMayWaitAreBoundedByThemselves) {
  ShardSettings settings = with_look_ups();
  settings.max_in_doubt = 1;
  settings.max_parked = 2;
  ShardWorld small(kJourneys, settings);
  const auto lose_one = [&](const std::string& who) {
    small.track(event("signup", who));
    const Outgoing sent = small.take();
    EXPECT_EQ(sent.endpoint, Endpoint::kEmail) << who;
    small.end(sent, OutcomeKind::kUnknown);
  };
  lose_one("a@example.com");
  lose_one("b@example.com");  // the first one holds no claim
  small.track(event("signup", "c@example.com"));
  EXPECT_TRUE(small.nothing_to_take()) << "it could come to a third";
  small.update(R"({"email":"d@example.com","dataFields":{"phoneNumber":"+15550100"}})");
  small.track(event("texted", "d@example.com"));
  EXPECT_EQ(small.take().endpoint, Endpoint::kSms) << "other endpoints go on";
  EXPECT_EQ(small.counter("parked/email"), 2);
  EXPECT_EQ(small.notes().back().event, "too_many_parked");

  small.pass(minutes(2));
  small.learn(small.take(), listed(1));
  small.learn(small.take(), listed(1));
  small.pass(seconds(30));
  EXPECT_EQ(small.take().endpoint, Endpoint::kEmail);
}

TEST_F(Doubts, AfterARestartTheBoundIsTheSame) {
  ShardSettings settings = with_look_ups();
  settings.max_in_doubt = 1;
  settings.max_parked = 1;
  ShardWorld small(kJourneys, settings);
  small.track(event("signup", "a@example.com"));
  small.end(small.take(), OutcomeKind::kUnknown);
  small.restart();
  small.track(event("signup", "b@example.com"));
  EXPECT_TRUE(small.nothing_to_take());
}

TEST_F(Doubts, TheReportOfAPersonSaysSo) {
  lose("signup");
  EXPECT_EQ(Json::parse(world.report("ada@example.com")).at("deliveries").at(0).at("state"),
            "parked");
  look_up_due();
  EXPECT_EQ(Json::parse(world.report("ada@example.com")).at("deliveries").at(0).at("state"),
            "looked up");
}

TEST(DoubtsWithoutLookUps, AreSentAgainAtOnce) {
  ShardWorld world(kJourneys);
  world.track(event("signup"));
  world.end(world.take(), OutcomeKind::kUnknown);
  world.pass(seconds(1));
  EXPECT_EQ(world.take().endpoint, Endpoint::kEmail);
  EXPECT_EQ(world.counter("parked/email"), 0);
}

}  // namespace
}  // namespace sojourn::runtime
