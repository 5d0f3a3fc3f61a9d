// Events `for users where` through the real store: who gets one, once, whenever the process
// ends on the way.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/fan_out_record.h"
#include "runtime/find_user.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string world(std::string_view events, std::string_view journeys = "") {
  return fmt::format(R"(
    user {{
      account  string
      accounts [string]
      region   string = "eu"
    }}
    event signup
    {}
    policy {{ timezone "UTC" }}
    {}
  )",
                     events, journeys);
}

constexpr std::string_view kPaid =
    "event paid { account string, amount integer? }"
    " for users where user.accounts contains event.account up to 7\n";
constexpr std::string_view kStay = "journey stay { enter on signup exit on paid wait 10d }\n";

std::string email(int user) {
  return fmt::format("u{}@example.com", user);
}

void signs_up(ShardWorld& shard, int user, std::string_view fields) {
  EXPECT_EQ(
      shard.update(fmt::format(R"({{"email":"{}","dataFields":{{{}}}}})", email(user), fields)),
      "200 Success");
  EXPECT_EQ(shard.track(fmt::format(R"({{"email":"{}","eventName":"signup"}})", email(user))),
            "200 Success");
}

void sign_up(ShardWorld& shard, int users, std::string_view fields = R"("accounts":["a1"])") {
  for (int user = 0; user < users; ++user) signs_up(shard, user, fields);
}

// Tracked by somebody whom nobody knows.
std::string event(std::string_view name, std::string_view fields, std::string_view id = "") {
  return fmt::format(R"({{"email":"sender@example.com","eventName":"{}","dataFields":{{{}}}{}}})",
                     name, fields, id.empty() ? "" : fmt::format(R"(,"id":"{}")", id));
}

std::string paid(std::string_view account, std::string_view id = "") {
  return event("paid", fmt::format(R"("account":"{}")", account), id);
}

int times_told(ShardWorld& shard, int user, const std::string& name) {
  int times = 0;
  for (const std::string& line : shard.log(email(user))) {
    if (line.starts_with("event " + name)) ++times;
  }
  return times;
}

TEST(FanOutRuntime, ReachesThoseWhoMatchAndNobodyElse) {
  ShardWorld shard(world(kPaid, kStay));
  signs_up(shard, 1, R"("accounts":["a1","a2"])");
  signs_up(shard, 2, R"("accounts":["a2"])");
  signs_up(shard, 3, R"("accounts":["a2","a1","a1"])");
  signs_up(shard, 4, "");
  EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
  EXPECT_EQ(shard.counter("events/paid"), 2);
  EXPECT_EQ(shard.counter("exited/stay/paid"), 2);
  EXPECT_EQ(times_told(shard, 1, "paid"), 1);
  EXPECT_EQ(times_told(shard, 2, "paid"), 0);
  EXPECT_EQ(times_told(shard, 3, "paid"), 1) << "also who has it twice";
  EXPECT_THAT(shard.log(email(1)), Contains(HasSubstr("event paid e1 for ")));
  EXPECT_THAT(shard.log("sender@example.com"), IsEmpty()) << "whom it names is not made known";
  EXPECT_EQ(shard.counter("fan_outs/paid/taken"), 1);
  EXPECT_EQ(shard.counter("fan_out_users/paid"), 2);
  EXPECT_EQ(shard.track(paid("nobody's")), "200 Success");
  EXPECT_EQ(shard.track(event("paid", "")), "400 BadParams") << "nobody is in no account";
  EXPECT_EQ(shard.counter("events/paid"), 2);
}

TEST(FanOutRuntime, ComparesAFieldAsItReads) {
  ShardWorld shard(
      world("event moved { region string }"
            " for users where user.region == event.region up to 9"
            " event named { who string } for users where user.email == event.who up to 1"));
  signs_up(shard, 1, "");
  signs_up(shard, 2, R"("region":"us")");
  EXPECT_EQ(shard.track(event("moved", R"("region":"eu")")), "200 Success");
  EXPECT_EQ(times_told(shard, 1, "moved"), 1) << "by the value for a missing one";
  EXPECT_EQ(times_told(shard, 2, "moved"), 0);
  EXPECT_EQ(shard.track(event("named", R"("who":"u2@example.com")")), "200 Success");
  EXPECT_EQ(times_told(shard, 2, "named"), 1);
}

// Neither by the value for a missing field nor by their name, until something else is said of them.
TEST(FanOutRuntime, FindsNobodyOfWhomOnlyConsentIsKnown) {
  ShardWorld shard(
      world("event moved { region string }"
            " for users where user.region == event.region up to 9"
            " event named { who string } for users where user.email == event.who up to 1"));
  EXPECT_EQ(shard.consent("DELETE /api/subscriptions/messageType/41/user/u1@example.com"),
            "202 Success");
  EXPECT_EQ(shard.consent("DELETE /api/subscriptions/messageType/41/user/u2@example.com"),
            "202 Success");
  EXPECT_EQ(shard.track(event("moved", R"("region":"eu")")), "200 Success");
  shard.restart();
  EXPECT_EQ(shard.track(event("named", R"("who":"u1@example.com")")), "200 Success");
  EXPECT_EQ(shard.counter("fan_outs/named/taken"), 1);
  EXPECT_THAT(shard.log(email(1)), Each(Not(HasSubstr("event"))));

  EXPECT_EQ(shard.update(R"({"email":"u1@example.com","dataFields":{"account":"a1"}})"),
            "200 Success");
  EXPECT_EQ(shard.track(R"({"email":"u2@example.com","eventName":"signup"})"), "200 Success");
  shard.restart();
  EXPECT_EQ(shard.track(event("moved", R"("region":"eu")")), "200 Success");
  EXPECT_EQ(shard.track(event("named", R"("who":"u2@example.com")")), "200 Success");
  EXPECT_EQ(times_told(shard, 1, "moved"), 1);
  EXPECT_EQ(times_told(shard, 2, "moved"), 1) << "an event alone is enough";
  EXPECT_EQ(times_told(shard, 2, "named"), 1);
}

// Once somebody has appeared, an opt-out does not hide them.
TEST(FanOutRuntime, FindsWhoAppearedBeforeTheyOptedOut) {
  ShardWorld shard(
      world("event moved { region string }"
            " for users where user.region == event.region up to 9"));
  EXPECT_EQ(shard.update(R"({"email":"u1@example.com","dataFields":{"undeclared":1}})"),
            "200 Success");
  EXPECT_EQ(shard.consent("DELETE /api/subscriptions/messageType/41/user/u1@example.com"),
            "202 Success");
  shard.restart();
  EXPECT_EQ(shard.track(event("moved", R"("region":"eu")")), "200 Success");
  EXPECT_EQ(times_told(shard, 1, "moved"), 1);
}

// In the turn that they appear in the index does not have them yet.
TEST(FanOutRuntime, FindsWhoAppearsInTheSameTurn) {
  ShardWorld shard(
      world("event moved { region string }"
            " for users where user.region == event.region up to 9"));
  EXPECT_EQ(shard.consent("DELETE /api/subscriptions/messageType/41/user/u1@example.com"),
            "202 Success");
  EXPECT_EQ(shard.update_and_track(R"({"email":"u1@example.com","dataFields":{"account":"a1"}})",
                                   event("moved", R"("region":"eu")")),
            "200 Success");
  EXPECT_EQ(times_told(shard, 1, "moved"), 1);
}

TEST(FanOutRuntime, WithMoreThanItMayHaveNothingIsDone) {
  ShardWorld shard(world(kPaid, kStay));
  sign_up(shard, 8);
  const auto before = shard.counters();
  EXPECT_EQ(shard.track(paid("a1", "e1")), "400 TooManyUsers");
  EXPECT_EQ(shard.counter("fan_outs/paid/refused"), 1);
  EXPECT_EQ(shard.counters().size(), before.size() + 1) << "and nothing else is counted";
  ASSERT_EQ(shard.notes().size(), 1U);
  EXPECT_EQ(shard.notes()[0].event, "fan_out_refused");
  EXPECT_EQ(shard.notes()[0].detail, "event=paid for more than 7 users");
  for (int user = 0; user < 8; ++user) EXPECT_EQ(times_told(shard, user, "paid"), 0);
  // Of the same id: it left no trace.
  EXPECT_EQ(shard.update(R"({"email":"u0@example.com","dataFields":{"accounts":[]}})"),
            "200 Success");
  EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
  EXPECT_EQ(shard.counter("events/paid"), 7);
}

TEST(FanOutRuntime, OneOfManyThatIsRefusedIsNamed) {
  ShardWorld shard(world(kPaid, kStay));
  sign_up(shard, 8);
  const std::string answer = shard.track_bulk(
      fmt::format(R"({{"events":[{},{},{}]}})", paid("a1", "e1"), paid("a1"), paid("a2")));
  EXPECT_THAT(answer, HasSubstr(R"("successCount":1,"failCount":2)"));
  EXPECT_THAT(answer, HasSubstr(R"("tooManyUsers":["e1","paid"])"));
}

TEST(FanOutRuntime, ARepeatOfItsIdChangesNothing) {
  ShardWorld shard(world(kPaid, kStay));
  sign_up(shard, 3);
  EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
  EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
  shard.restart();
  shard.pass(base::days24(6));
  EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
  EXPECT_EQ(shard.counter("events/paid"), 3);
  EXPECT_EQ(shard.counter("repeated_events"), 2);
  EXPECT_EQ(shard.track(paid("a1")), "200 Success");
  EXPECT_EQ(shard.track(paid("a1")), "200 Success");
  EXPECT_EQ(shard.counter("events/paid"), 9) << "without an id nothing is recognised";
}

ShardSettings one_by_one() {
  ShardSettings settings;
  settings.turn.max_fan_out_users = 1;
  return settings;
}

TEST(FanOutRuntime, IsForThoseWhoMatchWhenItArrives) {
  ShardWorld shard(world(kPaid, kStay), one_by_one());
  sign_up(shard, 3);
  signs_up(shard, 3, R"("accounts":["a2"])");
  shard.stop_after(1);
  EXPECT_EQ(shard.track(paid("a1")), "200 Success");
  EXPECT_EQ(shard.counter("events/paid"), 0) << "it is on its way";
  shard.stop_after(1);
  EXPECT_EQ(shard.update(R"({"email":"u3@example.com","dataFields":{"accounts":["a1"]}})"),
            "200 Success");
  shard.go_on();
  EXPECT_EQ(shard.counter("events/paid"), 3);
  EXPECT_EQ(times_told(shard, 3, "paid"), 0) << "who matched later";
}

TEST(FanOutRuntime, ReachesAlsoWhoMatchesNoMore) {
  ShardWorld shard(world(kPaid, kStay), one_by_one());
  sign_up(shard, 3);
  shard.stop_after(1);
  EXPECT_EQ(shard.track(paid("a1")), "200 Success");
  EXPECT_EQ(shard.counter("events/paid"), 0);
  // Each turn takes a part and, after it, what came in.
  for (int user = 2; user >= 0; --user) {
    shard.stop_after(1);
    EXPECT_EQ(shard.update(
                  fmt::format(R"({{"email":"{}","dataFields":{{"accounts":[]}}}})", email(user))),
              "200 Success");
  }
  shard.go_on();
  for (int user = 0; user < 3; ++user) EXPECT_EQ(times_told(shard, user, "paid"), 1) << user;
}

TEST(FanOutRuntime, AnUpdateOfTheSameTurnCounts) {
  ShardWorld shard(world(kPaid, kStay));
  signs_up(shard, 1, R"("accounts":["a1"])");
  signs_up(shard, 2, "");
  EXPECT_EQ(shard.update_and_track(R"({"email":"u1@example.com","dataFields":{"accounts":[]}})",
                                   paid("a1")),
            "200 Success");
  EXPECT_EQ(shard.update_and_track(R"({"email":"u2@example.com","dataFields":{"accounts":["a1"]}})",
                                   paid("a1")),
            "200 Success");
  EXPECT_EQ(shard.update_and_track(R"({"email":"u3@example.com","dataFields":{"accounts":["a1"]}})",
                                   paid("a1")),
            "200 Success");
  EXPECT_EQ(times_told(shard, 1, "paid"), 0);
  EXPECT_EQ(times_told(shard, 2, "paid"), 2);
  EXPECT_EQ(times_told(shard, 3, "paid"), 1) << "new in this turn";
}

// The process ends after each commit of the way in turn.
TEST(FanOutRuntime, EachOfThemGetsItOnceWhereverTheProcessEnds) {
  ShardSettings settings;
  settings.turn.max_fan_out_users = 2;
  constexpr int kUsers = 7;
  for (int turns = 1; turns <= kUsers; ++turns) {
    SCOPED_TRACE(turns);
    ShardWorld shard(world(kPaid, kStay), settings);
    sign_up(shard, kUsers);
    shard.stop_after(turns);
    EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
    EXPECT_EQ(shard.counter("events/paid"), std::min(kUsers, 2 * (turns - 1)));
    shard.restart();
    EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
    EXPECT_EQ(shard.counter("events/paid"), kUsers);
    EXPECT_EQ(shard.counter("exited/stay/paid"), kUsers);
    for (int user = 0; user < kUsers; ++user) EXPECT_EQ(times_told(shard, user, "paid"), 1);
    EXPECT_EQ(shard.counter("fan_outs/paid/taken"), 1);
  }
}

TEST(FanOutRuntime, RowsThatDoNotAgreeEndTheShardWithAnErrorThatSaysSo) {
  ShardSettings settings;
  settings.turn.max_fan_out_users = 2;
  const auto error_with = [&](const store::FanOutRow& damaged) {
    ShardWorld shard(world(kPaid, kStay), settings);
    sign_up(shard, 5);
    shard.stop_after(1);
    EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
    store::Commit commit;
    commit.put_fan_outs.push_back(damaged);
    shard.store().commit(commit, [](const auto& done) { ASSERT_TRUE(done); });
    const base::Error error = shard.error_of_turn();
    EXPECT_EQ(error.kind, base::Error::Kind::kFatal);
    EXPECT_THAT(error.hint, HasSubstr("damaged"));
    shard.close();
    return error.message;
  };
  const std::string nobody = encode_users({store::UserId{7, 77}});
  EXPECT_THAT(error_with({{1, 1}, nobody}),
              AllOf(HasSubstr(printed_id({7, 77})), HasSubstr("waits for none")));
  EXPECT_EQ(error_with({{0, 1}, nobody}),
            "of the event on its way to many with the number 0 there is a part 1 that it does not "
            "have");
}

TEST(FanOutRuntime, TheyComeInOrderOfArrivalAndLateOnesByTheirOwnTime) {
  ShardWorld shard(
      world(std::string(kPaid) + "event closed { account string }"
                                 " for users where user.accounts contains event.account up to 7\n",
            "journey reads { enter on paid where count(closed) >= 0 and count(paid) >= 0"
            " reenter always wait 1d }"),
      one_by_one());
  sign_up(shard, 2);
  shard.stop_after(1);
  EXPECT_EQ(shard.track(R"({"email":"s@example.com","eventName":"paid","createdAt":1772269200,
                            "dataFields":{"account":"a1"}})"),
            "200 Success");
  shard.stop_after(1);
  EXPECT_EQ(shard.track(event("closed", R"("account":"a1")")), "200 Success");
  shard.go_on();
  EXPECT_THAT(shard.history(email(0)), ElementsAre("paid", "closed"));
  EXPECT_THAT(shard.log(email(0)),
              Contains(HasSubstr("event paid 2026-02-28T09:00:00Z generated for ")));
}

// Their messages fall due between the answer to the event and their turn to get it.
TEST(FanOutRuntime, NothingIsSentAfterTheEventWasAcknowledged) {
  ShardWorld shard(world(std::string(kPaid) + R"(
                           message_type news = 1 transactional opt_out
                           campaign letter = 101 email news
                         )",
                         "journey trial { enter on signup exit on paid wait 1h send letter }"),
                   one_by_one());
  constexpr int kUsers = 3;
  sign_up(shard, kUsers);
  signs_up(shard, kUsers, R"("accounts":["a2"])");
  shard.pass(base::minutes(59));
  shard.stop_after(1);
  EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
  shard.move_clock(base::minutes(1));
  shard.go_on();
  EXPECT_THAT(shard.take().request.body, HasSubstr(email(kUsers))) << "whom it is not for";
  EXPECT_TRUE(shard.nothing_to_take());
  EXPECT_EQ(shard.counter("exited/trial/paid"), kUsers);
  EXPECT_EQ(shard.counter("skipped/trial/letter/exited"), kUsers);
}

TEST(FanOutRuntime, WhenTooManyWaitItIsToBeSentAgain) {
  ShardSettings settings = one_by_one();
  settings.turn.max_fan_out_waiting = 3;
  ShardWorld shard(world(kPaid, kStay), settings);
  sign_up(shard, 2);
  shard.stop_after(1);
  EXPECT_EQ(shard.track(paid("a1", "e1")), "200 Success");
  shard.stop_after(1);
  EXPECT_EQ(shard.track(paid("a1", "e2")), "200 Success") << "one of two has got the first";
  shard.stop_after(1);
  EXPECT_EQ(shard.track(paid("a1", "e3")), "429 RateLimitExceeded");
  shard.restart();
  EXPECT_EQ(shard.track(paid("a1", "e3")), "200 Success");
  EXPECT_EQ(shard.counter("events/paid"), 6);
  EXPECT_EQ(shard.counter("fan_outs/paid/taken"), 3);
  signs_up(shard, 2, R"("accounts":["a1"])");
  signs_up(shard, 3, R"("accounts":["a1"])");
  EXPECT_EQ(shard.track(paid("a1")), "413 BatchTooLarge") << "it alone is too much";
}

TEST(FanOutRuntime, AnEventThatAJourneyTracksGoesToManyToo) {
  const std::string tells =
      "journey tells { enter on signup where user.region == \"tells\""
      " track paid { account: \"a1\", amount: 1 } wait 1d }\n";
  ShardWorld shard(world(kPaid, std::string(kStay) + tells));
  sign_up(shard, 2);
  signs_up(shard, 7, R"("region":"tells")");
  EXPECT_EQ(shard.counter("events/paid"), 2);
  EXPECT_EQ(times_told(shard, 0, "paid"), 1);
  EXPECT_EQ(times_told(shard, 7, "paid"), 0) << "not one of them";
  signs_up(shard, 8, R"("region":"tells","accounts":["a1"])");
  EXPECT_EQ(times_told(shard, 8, "paid"), 1) << "one of them: as it tracks";
  EXPECT_THAT(shard.log(email(8)), Contains("event paid tracked"));
  EXPECT_EQ(shard.counter("events/paid"), 5);
  EXPECT_EQ(shard.take().request.path, "/api/events/track") << "to Iterable, once";
  EXPECT_EQ(shard.take().request.path, "/api/events/track");
  EXPECT_TRUE(shard.nothing_to_take());
}

TEST(FanOutRuntime, WhatAJourneyTracksForTooManyIsRefusedWhole) {
  const std::string tells =
      "journey tells { enter on signup where user.region == \"tells\""
      " track paid { account: \"a1\", amount: 1 } wait 1d }\n";
  ShardWorld shard(world(kPaid, std::string(kStay) + tells));
  sign_up(shard, 7);
  signs_up(shard, 8, R"("region":"tells","accounts":["a1"])");
  EXPECT_EQ(shard.counter("events/paid"), 0);
  EXPECT_EQ(shard.counter("fan_outs/paid/refused"), 1);
  EXPECT_THAT(shard.notes(), Contains(testing::Field(&OperatorNote::event, "fan_out_refused")));
}

TEST(FanOutRuntime, WhatAJourneyTracksWaitsWhereASenderWouldBeTurnedAway) {
  const std::string tells =
      "journey tells { enter on signup where user.region == \"tells\""
      " track paid { account: \"a1\", amount: 1 } wait 1d }\n";
  for (const int turns : {1, 2, 3, 4, 5, 6, 7}) {
    SCOPED_TRACE(turns);
    ShardSettings settings = one_by_one();
    settings.turn.max_fan_out_waiting = 3;
    ShardWorld shard(world(kPaid, std::string(kStay) + tells), settings);
    sign_up(shard, 2);
    EXPECT_EQ(shard.update(R"({"email":"u9@example.com","dataFields":{"region":"tells"}})"),
              "200 Success");
    shard.stop_after(1);
    EXPECT_EQ(shard.track(paid("a1")), "200 Success");
    shard.stop_after(1);
    EXPECT_EQ(shard.track(paid("a1")), "200 Success");
    shard.stop_after(turns);
    EXPECT_EQ(shard.track(R"({"email":"u9@example.com","eventName":"signup"})"), "200 Success");
    shard.restart();
    EXPECT_EQ(shard.counter("fan_outs/paid/taken"), 3);
    for (const int user : {0, 1}) EXPECT_EQ(times_told(shard, user, "paid"), 3);
  }
}

TEST(FanOutRuntime, ANewProgramFindsUsersWhoAreAlreadyThere) {
  const std::string plain = world("event paid { account string, amount integer? }", kStay);
  ShardWorld shard(plain);
  sign_up(shard, 3);
  shard.restart_with(world(kPaid, kStay));
  EXPECT_EQ(shard.track(paid("a1")), "200 Success");
  EXPECT_EQ(shard.counter("events/paid"), 3);
  // While nothing reads the field, nobody keeps the index; after that it is made again.
  shard.restart_with(plain);
  EXPECT_EQ(shard.update(R"({"email":"u0@example.com","dataFields":{"accounts":["a2"]}})"),
            "200 Success");
  signs_up(shard, 5, R"("accounts":["a1"])");
  shard.restart_with(world(kPaid, kStay));
  EXPECT_EQ(shard.track(paid("a1")), "200 Success");
  EXPECT_EQ(times_told(shard, 0, "paid"), 1);
  EXPECT_EQ(times_told(shard, 1, "paid"), 2);
  EXPECT_EQ(times_told(shard, 5, "paid"), 1);
}

TEST(FanOutRuntime, AnotherValueForAMissingOneFindsOthers) {
  const auto with_region = [](std::string_view region) {
    return fmt::format(R"(user {{ region string = "{}" }} event signup
      event moved {{ region string }} for users where user.region == event.region up to 9
      policy {{ timezone "UTC" }})",
                       region);
  };
  ShardWorld shard(with_region("eu"));
  signs_up(shard, 1, "");
  shard.restart_with(with_region("us"));
  EXPECT_EQ(shard.track(event("moved", R"("region":"eu")")), "200 Success");
  EXPECT_EQ(times_told(shard, 1, "moved"), 0);
  EXPECT_EQ(shard.track(event("moved", R"("region":"us")")), "200 Success");
  EXPECT_EQ(times_told(shard, 1, "moved"), 1);
}

TEST(FanOutRuntime, AnEditDoesNotTakeItFromThoseWhoAreStillToGetIt) {
  ShardWorld shard(world(kPaid, kStay), one_by_one());
  sign_up(shard, 3);
  shard.stop_after(1);
  EXPECT_EQ(shard.track(paid("a1")), "200 Success");
  shard.restart_with(world("event paid { account string, amount integer? }", kStay));
  EXPECT_EQ(shard.counter("exited/stay/paid"), 3);
}

}  // namespace
}  // namespace sojourn::runtime
