#include "tests/soak/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>

namespace sojourn::soak {
namespace {

using runtime::LogRecord;
using sandbox::ToldNotice;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = LogRecord::Kind;

constexpr const char* kEmail = "ada@example.com";
const Terms kTerms{.wait = base::seconds(20), .pause = base::seconds(5)};

// Milliseconds since everything began.
base::Instant at(std::int64_t millis) {
  return base::Instant{1'000'000 + millis};
}

// Somebody whose records agree; tests then change one of them.
class JudgeTest : public testing::Test {
 protected:
  void log(std::int64_t millis, Kind kind, std::string subject, std::string detail = {},
           std::optional<base::Instant> until = {}) {
    person.log.push_back({.kind = kind,
                          .at = at(millis),
                          .journey = "soak",
                          .enrollment = 1,
                          .subject = std::move(subject),
                          .detail = std::move(detail),
                          .until = until});
  }
  void record(std::uint64_t sequence, std::int64_t millis, const std::string& campaign,
              const std::string& key, const std::string& unsent = {}) {
    sandbox.messages.push_back({sequence, campaign, key, at(millis), unsent});
  }
  // Told at `millis`, answered 10 ms later.
  ToldNotice& tell(const std::string& event, std::uint64_t message, const std::string& key,
                   std::int64_t millis) {
    sandbox.notices.push_back({.event = event,
                               .subject = std::string("email:") + kEmail,
                               .message_key = key,
                               .message = message,
                               .happened = at(millis),
                               .begun = at(millis),
                               .ended = at(millis + 10),
                               .attempts = 1});
    return sandbox.notices.back();
  }
  void enter() {
    log(0, Kind::kEvent, "signup");
    log(0, Kind::kEntered, "signup");
    log(0, Kind::kClaimed, "first", "k1");
    record(1, 5, "first", "k1");
    log(10, Kind::kAccepted, "first", "k1");
    log(10, Kind::kWaits, "wait for 1", {}, at(20'010));
    tell("emailSend", 1, "k1", 20);
    log(25, Kind::kEvent, "received", "first");
  }
  void time_out() {
    log(20'010, Kind::kBranch, "wait for 1", "timeout");
    log(20'010, Kind::kClaimed, "quiet", "k2");
    record(9, 20'015, "quiet", "k2");
    log(20'020, Kind::kAccepted, "quiet", "k2");
    log(20'020, Kind::kExited, "quiet", "silent");
    tell("emailSend", 9, "k2", 20'030);
    log(20'035, Kind::kEvent, "received", "quiet");
  }
  void open() {
    tell("emailOpen", 1, "k1", 8'000);
    log(8'005, Kind::kEvent, "opened", "first");
    log(8'005, Kind::kBranch, "wait for 1", "opened");
    log(8'005, Kind::kWaits, "wait 1", {}, at(13'005));
  }
  void unsubscribe() {
    tell("emailUnSubscribe", 1, "k1", 9'000);
    log(9'005, Kind::kProfile, {}, "unsubscribed says the provider");
    log(9'005, Kind::kEvent, "unsubscribed", "first");
  }
  void pause_ends() { log(13'005, Kind::kWaitOver, "wait 1"); }
  void get_reader() {
    log(13'005, Kind::kClaimed, "reader", "k3");
    record(8, 13'010, "reader", "k3");
    log(13'015, Kind::kAccepted, "reader", "k3");
    leave();
    tell("emailSend", 8, "k3", 13'020);
    log(13'025, Kind::kEvent, "received", "reader");
  }
  void leave() { log(13'015, Kind::kExited, "reader", "opened"); }

  // What differs, and a class that was met once or more.
  std::vector<std::string> differences() {
    tally = {};
    judge(kTerms, kEmail, &person, &sandbox, tally);
    std::vector<std::string> out;
    for (const Difference& one : tally.shown) out.push_back(one.what);
    return out;
  }

  DaemonPerson person{kEmail, {}};
  SandboxPerson sandbox{kEmail, {}, {}};
  Tally tally;
};

TEST_F(JudgeTest, WhoOpensAndWhoDoesNotAreExplained) {
  enter();
  time_out();
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(tally.person_classes.at("did not open"), 1U);
  EXPECT_EQ(tally.message_classes.at("ok"), 2U);
  EXPECT_EQ(tally.notice_classes.at("taken"), 2U);
}

TEST_F(JudgeTest, WhoOpensGoesTheOtherWay) {
  enter();
  open();
  pause_ends();
  get_reader();
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(tally.person_classes.at("opened in time"), 1U);
}

TEST_F(JudgeTest, SomebodyWhoIsNotKnownIsLost) {
  judge(kTerms, kEmail, nullptr, &sandbox, tally);
  ASSERT_EQ(tally.unexplained, 1U);
  EXPECT_EQ(tally.shown[0].email, kEmail);
  EXPECT_THAT(tally.shown[0].what, HasSubstr("the daemon knows nobody"));
}

TEST_F(JudgeTest, AMessageThatNeverCameIsLost) {
  enter();
  time_out();
  sandbox.messages.pop_back();
  sandbox.notices.pop_back();
  person.log.pop_back();
  EXPECT_THAT(differences(), ElementsAre("`quiet` is lost: accepted, and never recorded"));
  EXPECT_EQ(tally.shown[0].key, "k2");
}

TEST_F(JudgeTest, ACopyIsExplainedByAnAnswerThatWasLost) {
  enter();
  time_out();
  record(12, 20'500, "quiet", "k2");
  tell("emailSend", 12, "k2", 20'600);
  log(20'605, Kind::kEvent, "received", "quiet");
  EXPECT_THAT(differences(), ElementsAre("`quiet` is doubled, and no answer was lost"));
  log(20'606, Kind::kInDoubt, "quiet", "k2");
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(tally.doubled, 1U);
  EXPECT_EQ(tally.message_classes.at("ok, doubled: an answer was lost"), 1U);
}

TEST_F(JudgeTest, AMessageThatNobodyPlannedIsUnknown) {
  enter();
  time_out();
  record(14, 21'000, "reader", "k9");
  tell("emailSend", 14, "k9", 21'001);
  log(21'002, Kind::kEvent, "received", "reader");
  EXPECT_THAT(differences(), ElementsAre("`reader` is unknown: recorded, and never planned"));
}

TEST_F(JudgeTest, AWaitThatEndsEarlyIsSeenByBothClocks) {
  enter();
  time_out();
  for (LogRecord& one : person.log) {
    if (one.kind == Kind::kBranch) one.at = at(20'009);
  }
  EXPECT_THAT(differences(), ElementsAre("a wait ended 1 ms early"));
  for (LogRecord& one : person.log) {
    if (one.kind == Kind::kBranch) one.at = at(20'010);
  }
  sandbox.messages.back().at = at(19'000);
  EXPECT_THAT(differences(), ElementsAre("`quiet` is early: it came 18995 ms after `first`"));
}

TEST_F(JudgeTest, AWaitThatEndsLateIsCountedOnly) {
  enter();
  time_out();
  for (LogRecord& one : person.log) {
    if (one.kind == Kind::kBranch) one.at = at(22'010);
  }
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(tally.late_waits, 1U);
  EXPECT_EQ(tally.latest.count, 2'000);
}

TEST_F(JudgeTest, AfterAnOptOutAMessageIsSkipped) {
  enter();
  open();
  unsubscribe();
  pause_ends();
  log(13'005, Kind::kSkipped, "reader", "no_consent");
  leave();
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(tally.message_classes.at("skipped: no_consent"), 1U);
}

TEST_F(JudgeTest, AMessageAfterAnOptOutIsADifference) {
  enter();
  open();
  unsubscribe();
  pause_ends();
  get_reader();
  EXPECT_THAT(differences(),
              ElementsAre("`reader` was claimed after an opt-out had been answered"));
  EXPECT_EQ(tally.shown[0].key, "k3");
}

// Told and answered, and the daemon kept nothing of it.
TEST_F(JudgeTest, AnOptOutThatIsInNoLogIsADifference) {
  enter();
  time_out();
  tell("emailUnSubscribe", 1, "k1", 21'000);
  EXPECT_THAT(differences(),
              ElementsAre("an opt-out was answered, and is in no log",
                          "`unsubscribed first` was told 1 times, and worked in 0 times"));
}

TEST_F(JudgeTest, ASkippedMessageNeedsACause) {
  enter();
  open();
  pause_ends();
  log(13'005, Kind::kSkipped, "reader", "no_consent");
  leave();
  EXPECT_THAT(differences(), ElementsAre("`reader` ended as no_consent without a cause"));
}

TEST_F(JudgeTest, AnAddressThatBouncedIsSuppressed) {
  enter();
  tell("emailBounce", 1, "k1", 500);
  tell("emailUnSubscribe", 1, "k1", 501);
  log(505, Kind::kProfile, {}, "email suppressed: hard_bounce");
  log(505, Kind::kEvent, "bounced", "first");
  log(20'010, Kind::kBranch, "wait for 1", "timeout");
  log(20'010, Kind::kSkipped, "quiet", "suppressed");
  log(20'010, Kind::kExited, "quiet", "silent");
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(tally.message_classes.at("skipped: suppressed"), 1U);
}

// Then the address is known to have bounced by its being unsubscribed.
TEST_F(JudgeTest, ABounceMayBeLostOnTheWay) {
  enter();
  tell("emailBounce", 1, "k1", 500).end = ToldNotice::End::kLost;
  tell("emailUnSubscribe", 1, "k1", 501);
  log(505, Kind::kProfile, {}, "email suppressed: hard_bounce");
  log(20'010, Kind::kBranch, "wait for 1", "timeout");
  log(20'010, Kind::kSkipped, "quiet", "suppressed");
  log(20'010, Kind::kExited, "quiet", "silent");
  EXPECT_THAT(differences(), IsEmpty());
  sandbox.notices.pop_back();
  EXPECT_THAT(differences(), ElementsAre("`quiet` ended as suppressed without a cause",
                                         "an opt-out is in the log, and nobody told it"));
}

TEST_F(JudgeTest, ANoticeIsWorkedInOnceHoweverOftenItIsTold) {
  enter();
  time_out();
  const ToldNotice again = sandbox.notices.front();
  sandbox.notices.push_back(again);
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(tally.notice_classes.at("repeated"), 1U);
  log(20'040, Kind::kEvent, "received", "first");
  EXPECT_THAT(differences(),
              ElementsAre("`received first` was told 1 times, and worked in 2 times"));
}

TEST_F(JudgeTest, ANoticeThatWasAnsweredAndIsLostIsADifference) {
  enter();
  time_out();
  std::erase_if(person.log, [](const LogRecord& one) { return one.detail == "quiet"; });
  EXPECT_THAT(differences(),
              ElementsAre("`received quiet` was told 1 times, and worked in 0 times"));
}

TEST_F(JudgeTest, ANoticeWithoutAnAnswerMayBeKnownOrNot) {
  enter();
  time_out();
  ToldNotice& lost = sandbox.notices.back();
  lost.end = ToldNotice::End::kGivenUp;
  lost.unanswered = 1;
  EXPECT_THAT(differences(), IsEmpty()) << "worked in";
  std::erase_if(person.log, [](const LogRecord& one) { return one.detail == "quiet"; });
  EXPECT_THAT(differences(), IsEmpty()) << "not worked in";
  EXPECT_EQ(tally.notice_classes.at("given up"), 1U);
}

TEST_F(JudgeTest, ANoticeThatIsLostOnTheWayIsNotKnown) {
  enter();
  time_out();
  ToldNotice& lost = tell("emailOpen", 1, "k1", 8'000);
  lost.end = ToldNotice::End::kLost;
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(tally.notice_classes.at("lost on the way"), 1U);
  log(20'050, Kind::kEvent, "opened", "first");
  EXPECT_THAT(differences(), ElementsAre("`opened first` was told 0 times, and worked in 1 times"));
}

TEST_F(JudgeTest, WhoOpenedInTimeMayNotTimeOut) {
  enter();
  time_out();
  tell("emailOpen", 1, "k1", 18'999);
  log(20'011, Kind::kEvent, "opened", "first");
  EXPECT_THAT(differences(),
              ElementsAre("their opening was answered in time, and they went the other way"));
  sandbox.notices.back().ended = at(20'011);
  EXPECT_THAT(differences(), IsEmpty()) << "its answer came too late";
  EXPECT_EQ(tally.person_classes.at("opened too late"), 1U);
}

TEST_F(JudgeTest, NobodyGoesTheWayOfThoseWhoOpenedWithoutAnOpening) {
  enter();
  open();
  pause_ends();
  get_reader();
  std::erase_if(sandbox.notices, [](const ToldNotice& one) { return one.event == "emailOpen"; });
  EXPECT_THAT(differences(),
              ElementsAre("they went the way of those who opened, and no opening had been told",
                          "`opened first` was told 0 times, and worked in 1 times"));
}

TEST_F(JudgeTest, WhatTheSandboxTookAndDidNotSendNeedsAnOptOut) {
  enter();
  time_out();
  sandbox.messages.back().unsent = "unsubscribed";
  sandbox.notices.pop_back();
  person.log.pop_back();
  EXPECT_THAT(differences(),
              ElementsAre("`quiet` was not sent (unsubscribed), and nobody had unsubscribed"));
  // Told just before the message came; the daemon heard of it after its claim.
  tell("emailUnSubscribe", 1, "k1", 20'014).ended = at(20'040);
  log(20'039, Kind::kProfile, {}, "unsubscribed says the provider");
  log(20'039, Kind::kEvent, "unsubscribed", "first");
  EXPECT_THAT(differences(), IsEmpty());
}

TEST_F(JudgeTest, ABotThatOpensMovesNobody) {
  enter();
  time_out();
  tell("emailOpen", 1, "k1", 500).bot = true;
  EXPECT_THAT(differences(), IsEmpty());
  EXPECT_EQ(tally.person_classes.at("did not open"), 1U);
  EXPECT_EQ(tally.notice_classes.at("opened by a bot"), 1U);
}

TEST_F(JudgeTest, ASecondEntryIsADifference) {
  enter();
  log(1, Kind::kEntered, "signup");
  time_out();
  EXPECT_THAT(differences(), ElementsAre("1 events, 2 entries, 1 exits instead of one each"));
}

TEST_F(JudgeTest, StrangersAreDifferences) {
  judge_stranger("eve@example.com", tally);
  ASSERT_EQ(tally.unexplained, 1U);
  EXPECT_EQ(tally.shown[0].what, "nobody sent an event of them");
}

}  // namespace
}  // namespace sojourn::soak
