// Further entries of one person, through the real store.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using ::testing::Contains;

std::string journey(std::string_view clauses) {
  return fmt::format(R"(
    user {{ plan string }}
    event signup {{ code string  endsAt timestamp? }}
    event leave
    message_type news = 1 transactional opt_out
    campaign m1 = 101 email news
    policy {{ timezone "UTC" }}
    journey j {{
      enter on signup
      one per entry.code
      exit on leave
      {}
      wait until entry.endsAt past continue missing continue
      wait 10d
    }}
  )",
                     clauses);
}

class ReentryTest : public testing::Test {
 protected:
  void begin(std::string_view clauses) { world_.emplace(journey(clauses)); }
  void signup(std::string_view code = "a", std::string_view ends_at = "") {
    const std::string field = ends_at.empty() ? "" : fmt::format(R"(,"endsAt":"{}")", ends_at);
    EXPECT_EQ(
        world_->track(fmt::format(
            R"({{"email":"ada@example.com","eventName":"signup","dataFields":{{"code":"{}"{}}}}})",
            code, field)),
        "200 Success");
  }
  void leave() {
    EXPECT_EQ(world_->track(R"({"email":"ada@example.com","eventName":"leave"})"), "200 Success");
  }
  std::int64_t count(const std::string& name) { return world_->counter(name); }

  std::optional<ShardWorld> world_;
};

TEST_F(ReentryTest, AfterCountsFromTheEndOfTheLastAcrossARestart) {
  begin("reenter after 30d");
  signup();
  leave();
  world_->pass(base::Millis{base::days24(30).count - 1});
  signup();
  EXPECT_EQ(count("refused/j/reenter_after"), 1);
  world_->restart();
  world_->pass(base::Millis{1});
  signup();
  EXPECT_EQ(count("entered/j"), 2);
}

TEST_F(ReentryTest, ReentriesOfOneValueAreCountedApartFromAnothers) {
  begin("reenter after 0s up to 1 times");
  for (int i = 0; i < 4; ++i) {
    signup("a");
    leave();
    world_->restart();
  }
  EXPECT_EQ(count("entered/j"), 2);
  EXPECT_EQ(count("refused/j/reenter_times"), 2);
  signup("b");
  EXPECT_EQ(count("entered/j"), 3);
}

TEST_F(ReentryTest, AnEventThatEndsAnEnrollmentMayBeginTheNext) {
  begin("exit on signup where event.code == entry.code as again  reenter always");
  signup();
  signup();
  EXPECT_EQ(count("exited/j/again"), 1);
  EXPECT_EQ(count("entered/j"), 2);
}

TEST_F(ReentryTest, UpdateKeepsThePlaceAndMovesTheWait) {
  begin("while enrolled update");
  signup("a", "2026-03-10 09:00:00 +00:00");
  signup("a", "2026-03-20 09:00:00 +00:00");
  EXPECT_EQ(count("entered/j"), 1);
  EXPECT_THAT(world_->log("ada@example.com"), Contains("entry_updated j signup"));
  world_->restart();
  world_->pass(base::days24(12));
  EXPECT_EQ(count("reached/j/wait 1"), 0);
  world_->pass(base::days24(8));
  EXPECT_EQ(count("reached/j/wait 1"), 1);
}

TEST_F(ReentryTest, RestartEndsTheOneAndBeginsAnother) {
  begin("while enrolled restart up to 2 times");
  for (int i = 0; i < 5; ++i) {
    signup();
    world_->restart();
  }
  EXPECT_EQ(count("entered/j"), 3);
  EXPECT_EQ(count("exited/j/restarted"), 2);
  EXPECT_EQ(count("refused/j/restart_times"), 2);
  leave();
  signup();
  EXPECT_EQ(count("refused/j/reenter_never"), 1) << "restarts are not re-entries";
}

}  // namespace
}  // namespace sojourn::runtime
