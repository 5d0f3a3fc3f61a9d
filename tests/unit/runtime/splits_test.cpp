// Splits that are measured and decided, through the real store.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/split_record.h"
#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using base::hours;
using ::testing::Contains;
using ::testing::Not;

std::string world(std::string_view arms = "50% a {} 50% b {}",
                  std::string_view decide = "decide after 40 per arm at 95%",
                  std::string_view entry = "") {
  return fmt::format(R"(
    event signup {{ code string? }}
    event purchase
    policy {{ timezone "UTC" }}
    journey j {{
      enter on signup
      {}
      goal bought on purchase within 30d
      split s {{
        measure bought within 1d
        {}
        {}
      }}
      wait 2h
    }}
  )",
                     entry, decide, arms);
}

class SplitsTest : public testing::Test {
 protected:
  void begin(const std::string& text = world()) { world_.emplace(text); }
  void track(int user, const char* event) {
    ASSERT_EQ(world_->track(
                  fmt::format(R"({{"email":"u{}@example.com","eventName":"{}"}})", user, event)),
              "200 Success");
  }
  // The arm that somebody is in, by their log.
  std::string arm(int user) {
    for (const std::string& line : world_->log(fmt::format("u{}@example.com", user))) {
      const std::size_t at = line.rfind("split s ");
      if (at != std::string::npos) return line.substr(at + 8);
    }
    return "none";
  }
  // `count` people sign up; of those in `buyers`, every one buys.
  void come(int count, const std::string& buyers) {
    for (int i = 0; i < count; ++i, ++users_) {
      track(users_, "signup");
      if (arm(users_) == buyers) track(users_, "purchase");
    }
  }
  std::int64_t count(const std::string& name) { return world_->counter(name); }
  std::vector<std::string> notes() {
    std::vector<std::string> out;
    for (const OperatorNote& note : world_->notes()) out.push_back(note.event + " " + note.detail);
    return out;
  }

  std::optional<ShardWorld> world_;
  int users_ = 0;
};

TEST_F(SplitsTest, ItIsDecidedForTheBetterArmWhenEverybodysTimeIsOver) {
  begin();
  come(120, "b");
  const std::int64_t in_b = count("measured/j/s/b");
  EXPECT_EQ(count("measured/j/s/a") + in_b, 120);
  EXPECT_EQ(count("measure_met/j/s/b"), in_b);
  EXPECT_EQ(count("measure_met/j/s/a"), 0);
  world_->pass(hours(23));
  EXPECT_EQ(count("decided/j/s/b"), 0);
  world_->restart();
  // Nothing comes; the shard wakes for it.
  world_->pass(hours(2));
  EXPECT_EQ(count("decided/j/s/b"), 1);
  EXPECT_THAT(notes(), Contains("split_decided j/s: b"));
  for (const bool restarted : {false, true}) {
    if (restarted) world_->restart();
    for (int i = 0; i < 20; ++i, ++users_) {
      track(users_, "signup");
      EXPECT_EQ(arm(users_), "b");
    }
  }
  EXPECT_EQ(count("measured/j/s/b"), in_b) << "nothing is counted after the decision";
}

TEST_F(SplitsTest, WithoutADifferenceItGoesOn) {
  begin();
  come(150, "nobody");
  world_->pass(days24(3));
  EXPECT_EQ(count("decided/j/s/a") + count("decided/j/s/b"), 0);
  EXPECT_THAT(notes(), Not(Contains(::testing::HasSubstr("split_"))));
}

TEST_F(SplitsTest, TheMeasureIsMetAfterTheEndOfTheJourneyToo) {
  begin();
  track(1, "signup");
  world_->pass(hours(20));
  EXPECT_EQ(count("exited/j/completed"), 1);
  world_->restart();
  track(1, "purchase");
  EXPECT_EQ(count("measure_met/j/s/" + arm(1)), 1);
}

TEST_F(SplitsTest, NobodyCountsTwice) {
  begin(world("50% a {} 50% b {}", "", "reenter always"));
  track(1, "signup");
  world_->pass(hours(3));
  EXPECT_EQ(count("exited/j/completed"), 1);
  world_->restart();
  track(1, "signup");
  EXPECT_EQ(count("entered/j"), 2);
  EXPECT_EQ(count("measured/j/s/a") + count("measured/j/s/b"), 1);
  track(1, "purchase");
  EXPECT_EQ(count("measure_met/j/s/a") + count("measure_met/j/s/b"), 1);
}

// Whether anybody was counted before is not asked of what has been counted, but of when counting
// began: so it does not matter when the daemon was last started.
TEST_F(SplitsTest, WhoHasLeftBeforeTheSplitDoesNotCountLaterEitherWheneverItIsRestarted) {
  for (const bool restarts : {false, true}) {
    SCOPED_TRACE(restarts);
    begin(R"(
      event signup { code string? }
      event purchase
      policy { timezone "UTC" }
      journey j {
        enter on signup
        reenter always
        goal bought on purchase within 30d
        if entry.code is missing { exit as early }
        split s { measure bought within 1d 50% a {} 50% b {} }
        wait 2h
      }
    )");
    track(1, "signup");
    EXPECT_EQ(count("exited/j/early"), 1);
    world_->pass(hours(1));
    if (restarts) world_->restart();
    const char* with_code =
        R"({"email":"u1@example.com","eventName":"signup","dataFields":{"code":"friend"}})";
    ASSERT_EQ(world_->track(with_code), "200 Success");
    EXPECT_NE(arm(1), "none");
    EXPECT_EQ(count("measured/j/s/a") + count("measured/j/s/b"), 0);
  }
}

TEST_F(SplitsTest, OtherSharesBeginAnewAndNewContentGoesOn) {
  begin();
  come(10, "a");
  world_->pass(hours(3));
  world_->restart_with(world("50% a { wait 1h } 50% b {}"));
  EXPECT_EQ(count("measured/j/s/a") + count("measured/j/s/b"), 10);
  come(10, "a");
  EXPECT_EQ(count("measured/j/s/a") + count("measured/j/s/b"), 20);
  world_->pass(hours(2));
  world_->pass(hours(3));
  world_->restart_with(world("60% a { wait 1h } 40% b {}"));
  come(1, "nobody");
  EXPECT_EQ(count("measured/j/s/a") + count("measured/j/s/b"), 1);
  EXPECT_EQ(count("measure_met/j/s/a"), 0);
  // Of those who were counted before.
  track(15, "purchase");
  EXPECT_EQ(count("measure_met/j/s/a") + count("measure_met/j/s/b"), 0);
}

TEST_F(SplitsTest, ADecisionIsGivenUpWithWhatItDecided) {
  begin();
  come(120, "b");
  world_->pass(days24(2));
  ASSERT_EQ(count("decided/j/s/b"), 1);
  world_->restart_with(world("40% a {} 60% b {}"));
  come(30, "nobody");
  EXPECT_EQ(count("decided/j/s/b"), 0);
  EXPECT_GT(count("measured/j/s/a"), 0) << "both arms are taken again";
}

TEST(SplitRecord, WhatIsStoredComesBack) {
  SplitRecord record{"j", "s", {"a", "b"}, {}};
  record.experiment.rule = 0x1234'5678'9abc'def0;
  record.experiment.begun_at = base::Instant{1'772'355'600'000};
  record.experiment.all = {{7, 3}, {9, 0}};
  record.experiment.closed = {{5, 3}, {8, 0}};
  record.experiment.open = {{base::Instant{1'772'355'600'000}, {{1, 0}, {1, 0}}},
                            {base::Instant{1'772'355'660'000}, {{1, 0}, {0, 0}}}};
  for (const bool decided : {false, true}) {
    record.experiment.unbalanced = !decided;
    if (decided) record.experiment.winner = 1;
    const std::string bytes = encode(record);
    auto read = decode_split(bytes);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, record);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_FALSE(decode_split(bytes.substr(0, size)).has_value()) << size;
    }
    EXPECT_FALSE(decode_split(bytes + "x").has_value());
  }
}

}  // namespace
}  // namespace sojourn::runtime
