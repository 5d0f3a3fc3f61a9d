// What Iterable tells by its system webhooks, through the real store: what it changes, and what it
// must not, however late, often and disordered it comes.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::minutes;
using base::seconds;
using connectors::OutcomeKind;
using connectors::iterable::LookUp;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The world stands at 09:00 UTC.
constexpr const char* kWorld = R"(
  event signup
  event login
  event asked
  event texted
  event pinged
  event billed
  message_type news    = 41 marketing opt_out channel 31
  message_type tips    = 42 marketing opt_in channel 31
  message_type account = 43 transactional opt_out
  campaign welcome = 101 email news
  campaign tip     = 102 email tips
  campaign receipt = 103 email account
  campaign text    = 104 sms news
  campaign careful = 105 email account { delivery at_most_once }
  campaign ping    = 106 web_push news
  policy { timezone "UTC" }
  journey greet {
    enter on signup
    reenter always
    goal read on opened welcome within 7d
    exit on unsubscribed any as gone
    send welcome
    wait for opened welcome up to 2d { exit as opened } timeout { exit as ignored }
  }
  journey bill { enter on login reenter always send receipt }
  journey advise { enter on asked reenter always send tip }
  journey phone { enter on texted reenter always send text }
  journey cautious { enter on billed reenter always send careful }
  journey pings { enter on pinged reenter always send ping }
)";

std::string key_of(const Outgoing& outgoing) {
  return nlohmann::json::parse(outgoing.request.body)["dataFields"]["sojournMessageKey"];
}

class Notices : public testing::Test {
 protected:
  static constexpr const char* kAda = "ada@example.com";

  void track(const std::string& event, const std::string& who = kAda) {
    ASSERT_EQ(world->track(R"({"email":")" + who + R"(","eventName":")" + event + R"("})"),
              "200 Success");
  }
  // So many seconds after 08:00 of the first day.
  void tell(const std::string& event, const std::string& data, int second = 0,
            const std::string& who = kAda) {
    const base::Instant at = base::parse_timestamp("2026-03-01T08:00:00Z").value();
    world->notice(fmt::format(
        R"({{"email":"{}","eventName":"{}","dataFields":{{"createdAt":"{}"{}{}}}}})", who, event,
        base::to_iterable_time(at + base::seconds(second)), data.empty() ? "" : ",", data));
  }
  // The next message is accepted; its key.
  std::string deliver() {
    const Outgoing message = world->take();
    world->accept(message);
    return key_of(message);
  }
  std::vector<int> sent() {
    std::vector<int> campaigns;
    while (!world->nothing_to_take()) {
      const Outgoing outgoing = world->take();
      campaigns.push_back(nlohmann::json::parse(outgoing.request.body)["campaignId"]);
      world->accept(outgoing);
    }
    return campaigns;
  }
  std::int64_t count(const std::string& name) { return world->counter(name); }
  bool is_known(const std::string& who) {
    return nlohmann::json::parse(world->report(who)).contains("id");
  }
  static ShardSettings settings() {
    ShardSettings settings;
    settings.turn.look_up_after = minutes(2);
    settings.turn.absent_after = minutes(5);
    settings.turn.has_notices = true;
    return settings;
  }
  // A message whose answer never comes.
  Outgoing lose(const std::string& event) {
    track(event);
    Outgoing message = world->take();
    world->end(message, OutcomeKind::kUnknown);
    return message;
  }
  static std::string key_data(const Outgoing& message) {
    return fmt::format(
        R"("campaignId":101,"messageId":"m1","transactionalData":{{"sojournMessageKey":"{}"}})",
        key_of(message));
  }

  std::optional<ShardWorld> world{std::in_place, kWorld, settings()};
};

TEST_F(Notices, AnOpeningEndsAWaitAndMeetsAGoal) {
  track("signup");
  deliver();
  tell("emailOpen", R"("campaignId":101,"messageId":"m1")", 3601);
  EXPECT_EQ(count("exited/greet/opened"), 1);
  EXPECT_EQ(count("notices/emailOpen/taken"), 1);
  EXPECT_EQ(count("engagements/opened"), 1);
}

TEST_F(Notices, ARepeatChangesNothingAcrossARestart) {
  track("signup");
  deliver();
  tell("emailClick", R"("campaignId":101,"messageId":"m1","url":"https://example.com/a")");
  world->restart();
  tell("emailClick", R"("campaignId":101,"messageId":"m1","url":"https://example.com/a")");
  EXPECT_EQ(count("engagements/clicked"), 1);
  EXPECT_EQ(count("notices/emailClick/repeated"), 1);
  tell("emailClick", R"("campaignId":101,"messageId":"m1","url":"https://example.com/b")");
  EXPECT_EQ(count("engagements/clicked"), 2);
}

TEST_F(Notices, WhatAProgramOpensNobodyHasRead) {
  track("signup");
  deliver();
  tell("emailOpen", R"("campaignId":101,"messageId":"m1","isBot":true)", 3601);
  EXPECT_EQ(count("exited/greet/opened"), 0);
  EXPECT_EQ(count("notices/emailOpen/bot"), 1);
}

TEST_F(Notices, NobodyIsMadeKnownByAMessageThatIsNotOurs) {
  for (const std::string event : {"emailSend", "emailOpen", "emailClick", "emailSendSkip",
                                  "pushBounce", "smsReceived", "emailSubscribe"}) {
    tell(event, R"("campaignId":9,"messageId":"x","emailListIds":[7],"smsMessage":"hello")");
    EXPECT_EQ(count("notices/" + event + "/unknown_user"), 1) << event;
  }
  EXPECT_FALSE(is_known(kAda));
}

TEST_F(Notices, WhatIsNotUnderstoodIsCounted) {
  tell("carrierPigeonSend", "");
  tell("journeyExit", R"("workflowId":3)");
  world->notice(R"({"eventName":"emailOpen","dataFields":{}})");
  world->notice(R"({"eventName":"emailOpen","email":"nobody","dataFields":{}})");
  EXPECT_EQ(count("notices/other/unread"), 1);
  EXPECT_EQ(count("notices/journeyExit/unread"), 1);
  EXPECT_EQ(count("notices/emailOpen/nobody"), 2);
}

TEST_F(Notices, AnUnsubscriptionTakesBackWhatItNames) {
  track("signup");
  deliver();
  tell("emailUnSubscribe", R"("campaignId":101,"messageId":"m1","messageTypeIds":[41])", 3601);
  EXPECT_EQ(count("exited/greet/gone"), 1);
  track("signup");
  EXPECT_EQ(count("skipped/greet/welcome/no_consent"), 1);
  track("login");
  EXPECT_EQ(sent(), std::vector{103}) << "of another type nothing was said";
}

TEST_F(Notices, WithoutIdsItIsTheTypeOfItsCampaign) {
  track("signup");
  deliver();
  tell("emailUnSubscribe", R"("campaignId":101,"messageId":"m1")", 3601);
  track("signup");
  EXPECT_EQ(count("skipped/greet/welcome/no_consent"), 1);
}

TEST_F(Notices, AnOptOutOfAChannelIsOneOfItsTypes) {
  tell("emailSubscribe", R"("messageTypeIds":[42])", 1);
  track("asked");
  EXPECT_EQ(sent(), std::vector{102});
  tell("emailUnSubscribe", R"("unsubSource":"EmailLink","channelIds":[31])", 2);
  track("asked");
  EXPECT_EQ(count("skipped/advise/tip/no_consent"), 1);
  tell("emailSubscribe", R"("channelIds":[31])", 3);
  track("asked");
  EXPECT_EQ(sent(), std::vector{102});
}

TEST_F(Notices, AnOptOutThatComesLateDoesNotUndoALaterYes) {
  tell("emailSubscribe", R"("messageTypeIds":[42])", 20);
  tell("emailUnSubscribe", R"("messageTypeIds":[42])", 10);
  track("asked");
  EXPECT_EQ(sent(), std::vector{102});
  tell("emailUnSubscribe", R"("messageTypeIds":[42])", 30);
  tell("emailSubscribe", R"("messageTypeIds":[42])", 25);
  track("asked");
  EXPECT_THAT(sent(), IsEmpty());
}

// Somebody unsubscribes elsewhere before they are anybody's user; a day later they begin a trial.
TEST_F(Notices, AnOptOutOfSomebodyUnknownWaitsForThem) {
  tell("emailUnSubscribe", R"("channelIds":[31],"messageTypeIds":[])");
  EXPECT_EQ(count("tombstones_kept"), 1);
  EXPECT_EQ(count("tombstones_waiting"), 1);
  world->restart();
  world->pass(base::days24(1));
  track("signup");
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_EQ(count("skipped/greet/welcome/no_consent"), 1);
  EXPECT_EQ(count("tombstones_applied"), 1);
  EXPECT_EQ(count("tombstones_waiting"), 0);
}

TEST_F(Notices, ATombstoneBecomesPartOfTheUserWhoTakesItsName) {
  tell("emailUnSubscribe", R"("messageTypeIds":[41])");
  world->track(R"({"userId":"u-1","eventName":"login"})");
  EXPECT_EQ(sent(), std::vector{103});
  world->update(R"({"userId":"u-1","dataFields":{"email":"ada@example.com"}})");
  EXPECT_EQ(count("tombstones_applied"), 1);
  track("signup");
  EXPECT_THAT(sent(), IsEmpty());
  tell("emailSubscribe", R"("messageTypeIds":[41])", 0);
  track("signup");
  EXPECT_THAT(sent(), IsEmpty()) << "when it was said has come along";
}

TEST_F(Notices, TombstonesAreReportedOnceADay) {
  const auto reports = [&] {
    std::vector<std::string> lines;
    for (const OperatorNote& note : world->notes()) {
      if (note.event == "consent_report") lines.push_back(note.detail);
    }
    world->notes().clear();
    return lines;
  };
  tell("emailUnSubscribe", R"("messageTypeIds":[41])");
  tell("emailUnSubscribe", R"("messageTypeIds":[41])", 1, "bob@example.com");
  EXPECT_THAT(reports(), IsEmpty()) << "the first day has only begun";
  track("signup");
  world->pass(base::days24(1));
  EXPECT_THAT(reports(), ElementsAre("tombstones: kept=2 (+2) applied=1 (+1) waiting=1"));
  world->restart();
  track("login", "bob@example.com");
  EXPECT_THAT(reports(), IsEmpty()) << "once a day";
  world->pass(base::days24(1));
  EXPECT_THAT(reports(), ElementsAre("tombstones: kept=2 (+0) applied=2 (+1) waiting=0"));
}

TEST_F(Notices, AHardBounceSuppressesTheAddress) {
  tell("emailBounce", R"("campaignId":101,"messageId":"m1","recipientState":"HardBounce")");
  world->restart();
  track("signup");
  track("login");
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_EQ(count("skipped/greet/welcome/suppressed"), 1);
  EXPECT_EQ(count("skipped/bill/receipt/suppressed"), 1) << "what is no marketing, too";
  EXPECT_EQ(count("suppressed/email/hard_bounce"), 1);
  EXPECT_THAT(world->log(kAda), Contains("profile email suppressed: hard_bounce"));
  world->update(R"({"email":"ada@example.com","dataFields":{"userId":"u-1"}})");
  world->update(R"({"userId":"u-1","dataFields":{"email":"ada@new.example.com"}})");
  track("login", "ada@new.example.com");
  EXPECT_EQ(sent(), std::vector{103}) << "of another address nothing was said";
}

TEST_F(Notices, ASoftBounceDoesNot) {
  track("login");
  deliver();
  tell("emailBounce", R"("campaignId":103,"messageId":"m1","recipientState":"SoftBounce")", 3601);
  track("login");
  EXPECT_EQ(sent(), std::vector{103});
  EXPECT_EQ(count("engagements/bounced"), 1);
}

TEST_F(Notices, WhoSubscribesAfterABounceCanBeWrittenToAgain) {
  tell("emailUnSubscribe", R"("unsubSource":"HardBounce","channelIds":[31])", 5);
  track("login");
  EXPECT_THAT(sent(), IsEmpty());
  tell("emailSubscribe", R"("channelIds":[31])", 9);
  track("login");
  EXPECT_EQ(sent(), std::vector{103});
  tell("emailBounce", R"("messageId":"m1","recipientState":"HardBounce")", 4);
  track("login");
  EXPECT_EQ(sent(), std::vector{103}) << "it had bounced before";
}

TEST_F(Notices, WhoComplainsGetsNoMarketingByEmail) {
  tell("emailComplaint", R"("campaignId":103,"messageId":"m1","recipientState":"Complaint")");
  track("signup");
  EXPECT_THAT(sent(), IsEmpty());
  EXPECT_EQ(count("skipped/greet/welcome/suppressed"), 1);
  track("login");
  EXPECT_EQ(count("skipped/bill/receipt/no_consent"), 1) << "and nothing of the type complained of";
}

TEST_F(Notices, StopEndsTextMessages) {
  world->update(R"({"email":"ada@example.com","dataFields":{"phoneNumber":"+15005550006"}})");
  track("texted");
  EXPECT_EQ(sent(), std::vector{104});
  tell("smsReceived", R"("smsMessage":" Stop. ","toPhoneNumber":"+15005550001")", 1);
  track("texted");
  EXPECT_EQ(count("skipped/phone/text/suppressed"), 1);
  tell("smsReceived", R"("smsMessage":"do not stop")", 2);
  tell("smsReceived", R"("smsMessage":"START")", 3);
  track("texted");
  EXPECT_EQ(sent(), std::vector{104});
}

TEST_F(Notices, ASendNoticeSettlesADoubtWithoutALookUp) {
  const Outgoing lost = lose("signup");
  EXPECT_EQ(count("parked/email"), 1);
  world->restart();
  tell("emailSend", key_data(lost), 3600);
  EXPECT_EQ(count("parked/email"), 0);
  EXPECT_EQ(count("look_ups/email/told"), 1);
  EXPECT_EQ(count("accepted/greet/welcome"), 1);
  EXPECT_EQ(count("engagements/received"), 1);
  world->pass(base::hours(1));
  EXPECT_TRUE(world->nothing_to_take()) << "nothing is asked, nothing is doubled";
  tell("emailOpen", key_data(lost), 3602);
  EXPECT_EQ(count("exited/greet/opened"), 1);
}

TEST_F(Notices, ANoticeMayOvertakeTheAnswer) {
  track("signup");
  const Outgoing message = world->take();
  tell("emailSend", key_data(message), 3600);
  EXPECT_EQ(count("accepted/greet/welcome"), 1);
  world->end(message, OutcomeKind::kUnknown);
  EXPECT_EQ(count("accepted/greet/welcome"), 1);
  EXPECT_EQ(count("parked/email"), 0);
  world->pass(base::hours(1));
  EXPECT_TRUE(world->nothing_to_take());
}

TEST_F(Notices, ANoticeDuringALookUpSettlesIt) {
  const Outgoing lost = lose("signup");
  world->pass(minutes(2));
  const Outgoing asked = world->take();
  EXPECT_EQ(asked.endpoint, Endpoint::kSentMessages);
  tell("emailSend", key_data(lost), 3600);
  EXPECT_EQ(count("accepted/greet/welcome"), 1);
  world->learn(asked,
               {.kind = LookUp::Kind::kListed, .listed = 0, .retry_after = {}, .message = ""});
  world->pass(base::hours(1));
  EXPECT_TRUE(world->nothing_to_take());
  EXPECT_EQ(count("parked/email"), 0);
}

TEST_F(Notices, AKeyOfSomebodyElseSettlesNothing) {
  const Outgoing lost = lose("signup");
  track("login", "bob@example.com");
  deliver();
  tell("emailSend", key_data(lost), 3600, "bob@example.com");
  EXPECT_EQ(count("parked/email"), 1);
}

TEST_F(Notices, AbsenceIsBelievedOnlyAfterAWhile) {
  const auto none = [] {
    return LookUp{.kind = LookUp::Kind::kListed, .listed = 0, .retry_after = {}, .message = ""};
  };
  lose("signup");
  world->pass(minutes(2));
  world->learn(world->take(), none());
  EXPECT_TRUE(world->nothing_to_take()) << "it may be listed, or told of, later";
  EXPECT_EQ(count("parked/email"), 1);
  world->pass(base::Millis{minutes(3).count - 1});
  EXPECT_TRUE(world->nothing_to_take());
  world->pass(base::Millis{1});
  const Outgoing again = world->take();
  EXPECT_EQ(again.endpoint, Endpoint::kSentMessages);
  world->learn(again, none());
  EXPECT_EQ(world->take().endpoint, Endpoint::kEmail);
}

TEST_F(Notices, WhatNoListHasMayStillBeToldOf) {
  const Outgoing lost = lose("pinged");
  world->pass(minutes(4));
  EXPECT_TRUE(world->nothing_to_take());
  tell("webPushSend", key_data(lost), 3600);
  EXPECT_EQ(count("accepted/pings/ping"), 1);
  world->pass(base::hours(1));
  EXPECT_TRUE(world->nothing_to_take());
}

TEST_F(Notices, AndIsSentAgainWhenNobodyTellsOfIt) {
  lose("pinged");
  world->pass(minutes(5));
  world->pass(minutes(15));
  EXPECT_EQ(world->take().endpoint, Endpoint::kWebPush);
  EXPECT_EQ(count("may_be_doubled/web_push"), 1);
}

TEST_F(Notices, WhatWasGivenUpIsMadeGoodWhenItIsToldOf) {
  const Outgoing lost = lose("billed");
  world->pass(minutes(5));
  world->learn(world->take(),
               {.kind = LookUp::Kind::kListed, .listed = 0, .retry_after = {}, .message = ""});
  EXPECT_EQ(count("skipped/cautious/careful/unknown"), 1);
  EXPECT_EQ(count("dead_letters_kept"), 1);
  tell("emailSend", key_data(lost), 3600, "bob@example.com");
  EXPECT_EQ(count("dead_letters_kept"), 1) << "it is nobody else's";
  tell("emailSend", key_data(lost), 3600);
  EXPECT_EQ(count("dead_letters_kept"), 0);
  EXPECT_EQ(count("dead_letters_gone/sent"), 1);
  EXPECT_THAT(world->log(kAda), Contains("looked_up cautious careful told that it was sent"));
}

TEST_F(Notices, WhatIterableSkipsWasNotSent) {
  track("signup");
  const std::string key = deliver();
  tell("emailSendSkip", R"("campaignId":101,"messageId":"m1","reason":"FrequencyCapping")", 3600);
  EXPECT_EQ(count("not_sent/FrequencyCapping"), 1);
  EXPECT_THAT(world->log(kAda), Contains("event not sent welcome FrequencyCapping"));
  tell("emailSendSkip", R"("campaignId":101,"messageId":"m2","reason":"SomethingNew")", 3600);
  EXPECT_EQ(count("not_sent/other"), 1);
}

TEST_F(Notices, ASkipSettlesADoubtAndIsListed) {
  const Outgoing lost = lose("signup");
  tell("emailSendSkip", key_data(lost) + R"(,"reason":"EmptyContent")", 3600);
  EXPECT_EQ(count("parked/email"), 0);
  EXPECT_EQ(count("skipped/greet/welcome/refused"), 1);
  EXPECT_EQ(count("dead_letters_kept"), 1);
}

TEST_F(Notices, AnAddressThatTheProviderSuppressesIsSuppressedHere) {
  track("login");
  deliver();
  tell("emailSendSkip",
       R"("campaignId":103,"messageId":"m1","reason":"SuppressedByMessageService")", 3600);
  track("login");
  EXPECT_EQ(count("skipped/bill/receipt/suppressed"), 1);
}

}  // namespace
}  // namespace sojourn::runtime
