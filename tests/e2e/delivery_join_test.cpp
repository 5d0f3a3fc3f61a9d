// The join must see each kind of loss, and put each message into the right class.
#include "tests/e2e/delivery_join.h"

#include <gmock/gmock.h>

namespace sojourn::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

Json line(const char* what, const char* subject, const char* detail = "") {
  return {{"what", what}, {"subject", subject}, {"detail", detail}};
}

Join sound_join() {
  SentEvent event{"ada@example.com", true, {}};
  event.report = Json{{"enrollments", Json::array()},
                      {"deliveries", Json::array()},
                      {"ended", {{{"reason", "completed"}}}},
                      {"log",
                       {line("event", "signup"), line("entered", "signup"),
                        line("claimed", "m1", "k1"), line("accepted", "m1", "k1")}}};
  const Json received{{"messageKey", "k1"}, {"recipientEmail", "ada@example.com"}};
  return Join{{"m1"}, {event}, {received}, {}};
}

TEST(DeliveryJoin, FindsNothingWhereAllIsWell) {
  EXPECT_THAT(judge(sound_join()).violations, IsEmpty());
}

TEST(DeliveryJoin, SeesALostMessage) {
  Join join = sound_join();
  join.received.clear();
  EXPECT_THAT(judge(join).violations, ElementsAre("ada@example.com: m1 is lost"));
}

TEST(DeliveryJoin, SeesALostEvent) {
  Join join = sound_join();
  join.received.clear();
  join.events[0].report = Json();
  EXPECT_THAT(judge(join).violations,
              ElementsAre("ada@example.com: nobody knows the acknowledged event"));
}

TEST(DeliveryJoin, SeesAnEventThatWasTakenTwice) {
  Join join = sound_join();
  join.events[0].report["log"].push_back(line("event", "signup"));
  EXPECT_THAT(judge(join).violations, ElementsAre("ada@example.com: 2 events, 1 enrollments"));
}

TEST(DeliveryJoin, SeesAMessageUnderTwoKeys) {
  Join join = sound_join();
  join.events[0].report["log"].push_back(line("claimed", "m1", "k2"));
  EXPECT_THAT(judge(join).violations, testing::Contains("ada@example.com: 2 keys for m1"));
}

TEST(DeliveryJoin, AllowsAnotherCopyForEachTimeInDoubt) {
  Join join = sound_join();
  join.received.push_back(join.received[0]);
  EXPECT_THAT(judge(join).violations,
              ElementsAre("k1 arrived 1 times too often, listed in doubt 0 times"));
  join.in_doubt = {"k1"};
  EXPECT_THAT(judge(join).violations, IsEmpty());
  join.received.push_back(join.received[0]);
  EXPECT_THAT(judge(join).violations,
              ElementsAre("k1 arrived 2 times too often, listed in doubt 1 times"));
}

TEST(DeliveryJoin, SeesWhatNobodyPlanned) {
  Join join = sound_join();
  join.received.push_back({{"messageKey", "k9"}, {"recipientEmail", "ada@example.com"}});
  EXPECT_THAT(judge(join).violations, ElementsAre("k9 arrived and nobody planned it"));
}

TEST(DeliveryJoin, SeesAnEnrollmentThatDidNotEnd) {
  Join join = sound_join();
  join.events[0].report["ended"] = Json::array();
  EXPECT_THAT(judge(join).violations, ElementsAre(HasSubstr("did not end once as completed")));
}

TEST(DeliveryJoin, PromisesNothingOfAnEventThatWasNotAcknowledged) {
  Join join = sound_join();
  join.received.clear();
  join.events[0].report = Json();
  join.events[0].acknowledged = false;
  EXPECT_THAT(judge(join).violations, IsEmpty());
  EXPECT_THAT(judge(join).fates, IsEmpty());
}

// `m1` was to leave at nine, and left at `claimed`.
Join after_a_wait(const char* claimed) {
  Join join = sound_join();
  Json& log = join.events[0].report["log"];
  log = Json::array({line("event", "signup"), line("entered", "signup"), line("waits", "wait 1"),
                     line("claimed", "m1", "k1"), line("accepted", "m1", "k1")});
  log[2]["until"] = "2026-03-01T09:00:00.000Z";
  log[3]["at"] = claimed;
  return join;
}

TEST(DeliveryJoin, SeesWhatLeavesEarly) {
  const Verdict verdict = judge(after_a_wait("2026-03-01T08:59:59.999Z"));
  EXPECT_THAT(verdict.violations, ElementsAre("ada@example.com: m1 is 1 ms early"));
  EXPECT_THAT(verdict.fates, ElementsAre(Pair(Fate::kEarly, 1)));
}

TEST(DeliveryJoin, CountsWhatIsLateAndBlamesNobody) {
  const Verdict in_time = judge(after_a_wait("2026-03-01T09:00:01.000Z"));
  EXPECT_THAT(in_time.fates, ElementsAre(Pair(Fate::kOk, 1)));
  const Verdict verdict = judge(after_a_wait("2026-03-01T09:00:01.001Z"));
  EXPECT_THAT(verdict.violations, IsEmpty());
  EXPECT_THAT(verdict.fates, ElementsAre(Pair(Fate::kLate, 1)));
}

TEST(DeliveryJoin, PutsEachMessageIntoOneClass) {
  Join join = sound_join();
  EXPECT_THAT(judge(join).fates, ElementsAre(Pair(Fate::kOk, 1)));
  join.in_doubt = {"k1"};
  join.received.push_back(join.received[0]);
  EXPECT_THAT(judge(join).fates, ElementsAre(Pair(Fate::kDoubled, 1)));
  EXPECT_EQ(judge(join).extra_copies, 1U);
  join.received.clear();
  EXPECT_THAT(judge(join).fates, ElementsAre(Pair(Fate::kLost, 1)));
  join = sound_join();
  join.events[0].report["log"].erase(3);
  EXPECT_THAT(judge(join).fates, ElementsAre(Pair(Fate::kUnknown, 1)));
}

TEST(DeliveryJoin, FindsDoubtsInTheLogsOfPeople) {
  Join join = sound_join();
  join.events[0].report["log"].push_back(line("in_doubt", "m1", "k1"));
  EXPECT_THAT(keys_in_doubt(join.events), ElementsAre("k1"));
}

}  // namespace
}  // namespace sojourn::e2e
