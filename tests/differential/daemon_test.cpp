// The daemon against the oracle: a shard with the real store on a driven clock, killed and
// started again in the middle, repeated event ids among what it is told. What is sent,
// skipped, entered, refused and left must be the same at the same instants.
//
// SOJOURN_ORACLE_DAEMON_LIVES=2000 in the environment is the long form;
// SOJOURN_ORACLE_SEED starts from another seed.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "calendar/tzdata/system_zones.h"
#include "tests/differential/daemon_run.h"
#include "tests/differential/lives.h"
#include "tests/differential/test_run.h"

namespace sojourn::differential {
namespace {

TEST(DaemonAgainstOracle, TheyTellTheSameOfRandomLivesAlsoWhenItIsKilled) {
  const Lives lives = lives_of("SOJOURN_ORACLE_DAEMON_LIVES",
                               {.count = 50, .seed = 1, .of_each_program = 2, .received = false});
  const auto zones = tzdata::SystemZones::open();
  ASSERT_TRUE(zones.has_value());
  std::size_t restarts = 0;
  std::size_t repeated_ids = 0;
  std::size_t second_users = 0;
  std::size_t killed_before_handing_out = 0;
  std::size_t answers_after_restarts = 0;
  compare_lives(lives, **zones, [&](const dsl::Program& program, const History& drawn) {
    const History history = begun_by_an_update(drawn);
    base::SeededRandom kills(1);
    DaemonLife daemon = live_in_daemon(program, **zones, history, kills);
    restarts += daemon.restarts;
    repeated_ids += daemon.repeated_ids;
    second_users += daemon.users.size() - 1;
    killed_before_handing_out += daemon.killed_before_handing_out;
    answers_after_restarts += daemon.answers_after_restarts;
    const History heard = as_the_daemon_hears(history);
    const auto live = [&](std::int64_t user) {
      return oracle::live(oracle_world(program, **zones, user), heard.profile, heard.inputs,
                          heard.end);
    };
    return Tellings{as_the_daemon_tells(daemon.users, live), std::move(daemon.story), {}};
  });
  fmt::print(
      "{} restarts, {} of them before an event was handed out; {} repeated ids; "
      "{} second users; {} answers that a restart came before\n",
      restarts, killed_before_handing_out, repeated_ids, second_users, answers_after_restarts);
  EXPECT_GE(restarts, 2 * lives.count);
  EXPECT_GE(repeated_ids, lives.count / 2);
  EXPECT_GE(killed_before_handing_out, lives.count / 4);
  EXPECT_GE(second_users, lives.count / 10);
  EXPECT_GE(answers_after_restarts, lives.count / 10);
}

}  // namespace
}  // namespace sojourn::differential
