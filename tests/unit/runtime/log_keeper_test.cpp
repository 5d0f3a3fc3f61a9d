// What is forgotten of users' logs, and when, through the real store.
#include "runtime/log_keeper.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/runtime/shard_world.h"

namespace sojourn::runtime {
namespace {

using base::days24;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kWorld = R"(
  event page_view
  policy { timezone "UTC" }
  journey j { enter on page_view wait 1h }
)";

ShardSettings keeping(std::int32_t days) {
  ShardSettings settings;
  settings.keep_log_days = days;
  return settings;
}

std::string view(std::string_view who) {
  return fmt::format(R"({{"email":"{}@example.com","eventName":"page_view"}})", who);
}

TEST(LogKeeper, WhatIsOldIsForgottenAndWhatIsNotStays) {
  ShardWorld shard(kWorld, keeping(10));
  shard.track(view("ada"));
  shard.pass(base::hours(1));
  shard.pass(days24(9));
  shard.track(view("ada"));
  shard.track(view("bob"));
  shard.pass(base::hours(1));
  EXPECT_EQ(shard.log("ada@example.com").size(), 7U);
  shard.pass(days24(2));
  EXPECT_THAT(shard.log("ada@example.com"),
              ElementsAre("event page_view", "refused j page_view reenter_never"));
  EXPECT_EQ(shard.log("bob@example.com").size(), 5U);
  shard.restart();
  shard.pass(days24(9));
  EXPECT_THAT(shard.log("ada@example.com"), IsEmpty());
  EXPECT_THAT(shard.log("bob@example.com"), IsEmpty());
}

// A store of one user with so many rows of the log, made at one moment.
void fill(store::Store& store, std::size_t rows) {
  store::Commit commit;
  const store::UserId user{3, 1};
  commit.put_rows.push_back({{user, store::RowKind::kHead, 0}, "head"});
  for (std::size_t i = 0; i < rows; ++i) {
    LogRecord record;
    record.at = base::Instant{1'000};
    commit.put_rows.push_back({{user, store::RowKind::kLog, i + 1}, encode({record})});
  }
  store.commit(commit, [](const base::Result<std::uint64_t>& done) { ASSERT_TRUE(done); });
}

TEST(LogKeeper, OfOneUserTheNewestStay) {
  ShardWorld shard(kWorld);
  fill(shard.store(), kMaxLogRows + 2);
  LogKeeper keeper(90);
  const base::Instant now{2'000};
  ASSERT_TRUE(keeper.wants_look(now));
  store::Commit commit;
  ASSERT_TRUE(keeper.look(shard.store(), now, commit));
  ASSERT_EQ(commit.remove_rows.size(), 2U);
  EXPECT_EQ(commit.remove_rows[0].number, 2U);
  EXPECT_EQ(commit.remove_rows[1].number, 1U) << "the oldest";
  EXPECT_FALSE(keeper.wants_look(now)) << "once a day";
  EXPECT_TRUE(keeper.wants_look(now + days24(1)));
  shard.close();  // such users there are none
}

TEST(LogKeeper, ManyRowsOfOneUserTakeSeveralLooks) {
  ShardWorld shard(kWorld);
  fill(shard.store(), 2 * kMaxLogRows);
  LogKeeper keeper(1);
  const base::Instant now = base::Instant{1'000} + days24(3);
  std::size_t removed = 0;
  int looks = 0;
  for (; keeper.wants_look(now) && looks < 10; ++looks) {
    store::Commit commit;
    ASSERT_TRUE(keeper.look(shard.store(), now, commit));
    removed += commit.remove_rows.size();
    shard.store().commit(commit,
                         [](const base::Result<std::uint64_t>& done) { ASSERT_TRUE(done); });
  }
  EXPECT_EQ(removed, 2 * kMaxLogRows);
  EXPECT_GT(looks, 1);
  shard.close();  // such users there are none
}

std::size_t log_rows(store::Store& store) {
  const auto heads = store.heads(std::nullopt, 1'000);
  std::size_t rows = 0;
  for (const store::Row& head : *heads) {
    rows += store.rows(head.key.user, store::RowKind::kLog, 1'000)->size();
  }
  return rows;
}

TEST(LogKeeper, AShardThatNeverRestsForgetsToo) {
  constexpr std::size_t kPeople = 3 * kUsersPerBusyLook;
  ShardWorld shard(kWorld, keeping(10));
  for (std::size_t i = 0; i < kPeople; ++i) shard.track(view("p" + std::to_string(i)));
  shard.pass(base::hours(1));
  const std::size_t before = log_rows(shard.store());
  ASSERT_GE(before, 2 * kPeople);
  shard.move_clock(days24(12));
  for (int second = 0; second < 4; ++second) {
    shard.track_in_one_turn(view("busy"));
    const std::size_t once = log_rows(shard.store());
    for (int turn = 0; turn < 3; ++turn) shard.track_in_one_turn(view("busy"));
    EXPECT_EQ(log_rows(shard.store()), once + 3) << "no more than one look in a second";
    shard.move_clock(kBusyLookEvery);
  }
  EXPECT_EQ(log_rows(shard.store()), 16U) << "all that is left is of the last moments";
}

}  // namespace
}  // namespace sojourn::runtime
