// Accepted is kept, and nothing is lost or doubled in silence: the daemon is
// killed with SIGKILL at many points, started again, and what Iterable received is
// held against what was acknowledged.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/e2e/kill_round.h"

namespace sojourn::e2e {
namespace {

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
    EXPECT_THAT(judge(join).violations, IsEmpty());
    doubts += join.in_doubt.size();
    doubles += twice;
  }
  EXPECT_GE(number, 30);
  // Or the kills came where nothing can go wrong.
  EXPECT_GT(doubts, 0U);
  EXPECT_GT(doubles, 0U);
}

}  // namespace
}  // namespace sojourn::e2e
