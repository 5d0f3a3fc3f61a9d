// Accepted is kept, and nothing is lost or doubled in silence: the daemon is
// killed with SIGKILL at many points, started again, and what Iterable received is
// held against what was acknowledged.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/e2e/kill_round.h"

namespace sojourn::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using At = KillPoint::At;

struct Plan {
  std::string name;
  std::vector<KillPoint> points;
};

// 18 acknowledgements; 14 messages of the first or the second send, every other
// of these killed once more as soon as the restarted daemon sends.
std::vector<Plan> plans() {
  std::vector<Plan> all;
  for (int n = 1; n <= 18; ++n) {
    all.push_back({fmt::format("acknowledgement {}", n), {{At::kAcknowledgement, n}}});
  }
  for (int n = 1; n <= kEventsPerRound * kMessagesPerEvent; n += 3) {
    Plan plan{fmt::format("message {}", n), {{At::kMessage, n}}};
    if (n % 2 == 0) {
      plan.name += ", then 1";
      plan.points.push_back({At::kMessage, 1});
    }
    all.push_back(std::move(plan));
  }
  return all;
}

TEST(Kill, NothingAcknowledgedIsLostAndWhatIsDoubledIsListed) {
  const Project folder;
  Sandbox sandbox(folder.folder());
  std::size_t doubts = 0;
  std::size_t doubles = 0;
  fmt::print("{:>4}  {:<20}{:>6}{:>7}{:>10}{:>10}{:>10}\n", "seed", "killed at", "kills", "acked",
             "received", "in doubt", "doubled");
  int number = 0;
  for (const Plan& plan : plans()) {
    SCOPED_TRACE(fmt::format("round {}, killed at {}", ++number, plan.name));
    const RoundResult result = run_round(sandbox, number, plan.points);
    if (HasFatalFailure()) return;
    const Join& join = result.join;
    const std::size_t twice = doubled(join.received).size();
    fmt::print("{:>4}  {:<20}{:>6}{:>7}{:>10}{:>10}{:>10}\n", number, plan.name, result.kills,
               result.acknowledged_at_first_kill, join.received.size(), join.in_doubt.size(),
               twice);
    EXPECT_GE(result.kills, 1);
    EXPECT_LE(twice, join.in_doubt.size());
    EXPECT_THAT(faults(join), IsEmpty());
    doubts += join.in_doubt.size();
    doubles += twice;
  }
  EXPECT_GE(number, 30);
  // Or the kills came where nothing can go wrong.
  EXPECT_GT(doubts, 0U);
  EXPECT_GT(doubles, 0U);
}

// The join itself: it must see each kind of loss.

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

TEST(KillJoin, FindsNothingWhereAllIsWell) {
  EXPECT_THAT(faults(sound_join()), IsEmpty());
}

TEST(KillJoin, SeesALostMessage) {
  Join join = sound_join();
  join.received.clear();
  EXPECT_THAT(faults(join), ElementsAre("ada@example.com: m1 is lost"));
}

TEST(KillJoin, SeesALostEvent) {
  Join join = sound_join();
  join.received.clear();
  join.events[0].report = Json();
  EXPECT_THAT(faults(join), ElementsAre("ada@example.com: nobody knows the acknowledged event"));
}

TEST(KillJoin, SeesAnEventThatWasTakenTwice) {
  Join join = sound_join();
  join.events[0].report["log"].push_back(line("event", "signup"));
  EXPECT_THAT(faults(join), ElementsAre("ada@example.com: 2 events, 1 enrollments"));
}

TEST(KillJoin, SeesAMessageUnderTwoKeys) {
  Join join = sound_join();
  join.events[0].report["log"].push_back(line("claimed", "m1", "k2"));
  EXPECT_THAT(faults(join), testing::Contains("ada@example.com: 2 keys for m1"));
}

TEST(KillJoin, AllowsAnotherCopyForEachTimeInDoubt) {
  Join join = sound_join();
  join.received.push_back(join.received[0]);
  EXPECT_THAT(faults(join), ElementsAre("k1 arrived 1 times too often, listed in doubt 0 times"));
  join.in_doubt = {"k1"};
  EXPECT_THAT(faults(join), IsEmpty());
  join.received.push_back(join.received[0]);
  EXPECT_THAT(faults(join), ElementsAre("k1 arrived 2 times too often, listed in doubt 1 times"));
}

TEST(KillJoin, SeesWhatNobodyPlanned) {
  Join join = sound_join();
  join.received.push_back({{"messageKey", "k9"}, {"recipientEmail", "ada@example.com"}});
  EXPECT_THAT(faults(join), ElementsAre("k9 arrived and nobody planned it"));
}

TEST(KillJoin, SeesAnEnrollmentThatDidNotEnd) {
  Join join = sound_join();
  join.events[0].report["ended"] = Json::array();
  EXPECT_THAT(faults(join), ElementsAre(HasSubstr("did not end once as completed")));
}

}  // namespace
}  // namespace sojourn::e2e
