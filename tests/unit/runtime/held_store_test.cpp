#include "runtime/held_store.h"

#include <gtest/gtest.h>

#include "runtime/store/sqlite_store.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::runtime {
namespace {

using store::Commit;
using store::Store;

constexpr base::Instant kDue{1'000};
constexpr base::Instant kNow{9'000};
constexpr HeldRecord kRecord{base::Instant{7'000}, 42};

class HeldStoreTest : public testing::Test {
 protected:
  HeldStoreTest() : file_(open()) {
    Commit turn;
    turn.put_timers = {{{3, 1}, kDue, 1}};
    turn.put_deliveries = {{{{3, 1}, {1, 1}}, kDue, "planned", 2, kDue}};
    file_->commit(turn, [](const auto& done) { ASSERT_TRUE(done); });
    EXPECT_TRUE(file_->put_setting(kHeldSetting, encode(kRecord)));
  }
  std::unique_ptr<Store> open() {
    store::SqliteOptions options;
    options.path = directory_.file("data.db");
    return store::open_sqlite_store(options).value();
  }
  static bool shows_timers(Store& store) {
    const bool due = !store.due_timers(kNow, 9).value().empty();
    EXPECT_EQ(store.next_timer().value().has_value(), due);
    EXPECT_EQ(store.count_timers(kNow, 9).value(), due ? 1U : 0U);
    return due;
  }
  static bool shows_deliveries(Store& store) {
    const bool due = !store.due_deliveries(2, kNow, 9).value().empty();
    EXPECT_EQ(store.late_deliveries(kNow, 9).value().empty(), !due);
    EXPECT_EQ(store.waiting_lanes().value().empty(), !due);
    EXPECT_EQ(store.next_deadline().value().has_value(), due);
    return due;
  }

  store::ScratchDirectory directory_;
  std::unique_ptr<Store> file_;
};

TEST_F(HeldStoreTest, NothingIsDueUntilItIsReleasedStepByStep) {
  HeldStore held(*file_, kRecord);
  EXPECT_FALSE(shows_timers(held));
  EXPECT_FALSE(shows_deliveries(held));
  held.let_timers_run();
  EXPECT_TRUE(shows_timers(held));
  EXPECT_FALSE(shows_deliveries(held));
  ASSERT_TRUE(held.release());
  EXPECT_TRUE(shows_timers(held));
  EXPECT_TRUE(shows_deliveries(held));
}

TEST_F(HeldStoreTest, WhatIsSaidMeanwhileIsKept) {
  HeldStore held(*file_, kRecord);
  Commit turn;
  turn.put_rows = {{{{3, 1}, store::RowKind::kHead, 0}, "ada"}};
  held.commit(turn, [](const auto& done) { ASSERT_TRUE(done); });
  EXPECT_EQ(held.sequence(), 2U);
  EXPECT_EQ(file_->heads({}, 9).value().at(0).body, "ada");
  EXPECT_EQ(held.deliveries({}, 9).value().size(), 1U) << "an operator may look at what waits";
}

TEST_F(HeldStoreTest, TheNextProcessHoldsItUntilTheReleaseIsOnDisk) {
  file_.reset();
  file_ = open();
  EXPECT_EQ(read_held(*file_).value(), kRecord);
  HeldStore held(*file_, kRecord);
  held.let_timers_run();
  file_.reset();
  file_ = open();
  EXPECT_EQ(read_held(*file_).value(), kRecord) << "that timers run is said anew";
  ASSERT_TRUE(HeldStore(*file_, kRecord).release());
  file_.reset();
  file_ = open();
  EXPECT_EQ(read_held(*file_).value(), std::nullopt);
}

TEST_F(HeldStoreTest, ADamagedMarkKeepsTheDaemonFromStarting) {
  for (const std::string& bytes :
       {std::string("\x02"), std::string("\x01"), encode(kRecord) + "x"}) {
    ASSERT_TRUE(file_->put_setting(kHeldSetting, bytes));
    const auto read = read_held(*file_);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().kind, base::Error::Kind::kFatal);
  }
}

}  // namespace
}  // namespace sojourn::runtime
