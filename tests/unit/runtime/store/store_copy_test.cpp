// A copy that is made while its store goes on is the store as of one commit, whatever is committed
// meanwhile; a copy that fails harms nobody but itself; and who goes on from a copy gives no number
// a second time.
#include "runtime/store/store_copy.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>

#include "runtime/store/new_life.h"
#include "runtime/store/page_wash.h"
#include "runtime/store/sqlite.h"
#include "runtime/store/sqlite_store.h"
#include "runtime/store/survey.h"
#include "runtime/store/vfs.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::store {
namespace {

constexpr int kFewPages = 3;

class StoreCopyTest : public testing::Test {
 protected:
  std::unique_ptr<Store> open(const std::string& name = "data.db") {
    SqliteOptions options;
    options.path = directory_.file(name);
    // Small, so that the log is copied into the database while the copy is made.
    options.log_limit_bytes = 60'000;
    options.cache_bytes = 64'000;
    return open_sqlite_store(options).value();
  }
  // Commit `number` writes its number to all of its rows: a store that mixes two commits has two.
  static void commit(Store& store, int number) {
    Commit turn;
    for (std::uint64_t user = 1; user <= 60; ++user) {
      const UserId id{static_cast<std::uint16_t>(user * 17 % kShardCount), user};
      turn.put_rows.push_back({{id, RowKind::kHead, 0}, fmt::format("{:0>300}", number)});
    }
    store.commit(turn, [](const auto& done) { ASSERT_TRUE(done) << done.error().message; });
  }
  // The number that all rows have.
  std::string number_in(const std::string& name) {
    const auto store = open(name);
    const auto heads = store->heads({}, 100).value();
    EXPECT_EQ(heads.size(), 60U);
    for (const Row& head : heads) EXPECT_EQ(head.body, heads.front().body);
    EXPECT_EQ(heads.front().body, fmt::format("{:0>300}", store->sequence()));
    return heads.front().body;
  }
  bool is_sound(const std::string& name) {
    return Survey::open(directory_.file(name)).value()->damages(10).empty();
  }

  ScratchDirectory directory_{ScratchDirectory::Place::kMemory};
};

TEST_F(StoreCopyTest, IsOneCommitWhateverComesMeanwhile) {
  const auto store = open();
  int number = 0;
  while (number < 20) commit(*store, ++number);
  auto copy = begin_copy(*store, directory_.file("copy.db")).value();
  int steps = 1;
  while (!copy->step(kFewPages).value()) {
    commit(*store, ++number);
    ++steps;
  }
  EXPECT_GT(steps, 5) << "commits came while it was made";
  EXPECT_EQ(store->sequence(), static_cast<std::uint64_t>(number));
  EXPECT_EQ(number_in("copy.db"), fmt::format("{:0>300}", number));
  EXPECT_TRUE(is_sound("copy.db"));
  commit(*store, ++number);
  EXPECT_EQ(store->sequence(), static_cast<std::uint64_t>(number)) << "the store goes on";
}

// How much of a copy is written at most between two syncs.
class Unsynced final : public IoObserver {
 public:
  void after(const IoCall& io) override {
    if (io.kind == IoCall::Kind::kWrite) bytes_ += io.size_bytes;
    if (io.kind == IoCall::Kind::kSync) bytes_ = 0;
    most_ = std::max(most_, bytes_);
    all_ += io.kind == IoCall::Kind::kWrite ? io.size_bytes : 0;
  }
  std::int64_t most() const { return most_; }
  std::int64_t all() const { return all_; }

 private:
  std::int64_t bytes_ = 0;
  std::int64_t most_ = 0;
  std::int64_t all_ = 0;
};

TEST_F(StoreCopyTest, ALargeOneIsSyncedOnTheWay) {
  const auto store = open();
  Commit turn;
  for (std::uint64_t user = 1; user <= 90; ++user) {
    turn.put_rows.push_back({{{1, user}, RowKind::kHead, 0}, std::string(1 << 20, 'x')});
  }
  store->commit(turn, [](const auto& done) { ASSERT_TRUE(done) << done.error().message; });
  Unsynced unsynced;
  auto copy = begin_copy(*store, directory_.file("copy.db"), &unsynced).value();
  while (!copy->step(256).value()) {
  }
  EXPECT_GT(unsynced.all(), 2 * kSyncCopyEveryBytes);
  EXPECT_LE(unsynced.most(), kSyncCopyEveryBytes + (4 << 20)) << "with what a cache may hold";
  EXPECT_TRUE(is_sound("copy.db"));
}

// Its pages name others by numbers whose highest byte may be the first of a b-tree's: such a file
// is not washed, and neither is the beginning of its copy.
TEST_F(StoreCopyTest, ThatOfAHugeStoreIsNotWashedWhileItIsStillSmall) {
  constexpr std::int64_t kPage = 512;
  constexpr std::int64_t kPages = kMaxWashedPages + 1;
  const std::string from = directory_.file("data.db");
  const auto space = std::filesystem::space(directory_.path());
  if (space.available < kPages * kPage + kRoomToSpareBytes) {
    GTEST_SKIP() << "not run: a copy of 8 GiB is begun only where there is room for it";
  }
  SqliteOptions options;
  options.path = from;
  options.page_bytes = kPage;
  open_sqlite_store(options).value().reset();
  std::string bytes = file_bytes(from);
  const auto second = bytes.begin() + kPage;
  ASSERT_TRUE(*second == 10 || *second == 13) << "a leaf";
  const auto gap = second + 40;  // behind its header and the few rows that it has
  ASSERT_EQ(*gap, 0);
  *gap = 'x';
  for (int i = 0; i < 4; ++i) {
    bytes[28 + static_cast<std::size_t>(i)] = static_cast<char>(kPages >> (24 - 8 * i));
  }
  write_file(from, bytes);
  std::filesystem::resize_file(from, kPages * kPage);  // with a hole
  Vfs vfs(nullptr);
  auto connection = Connection::open(from, vfs.name()).value();
  connection->execute("PRAGMA locking_mode=EXCLUSIVE");
  const std::string to = directory_.file("copy.db");
  auto copy = StoreCopy::begin(*connection, to).value();
  ASSERT_FALSE(copy->step(20'000).value());
  std::string page(kPage, '\0');
  std::ifstream(to, std::ios::binary).seekg(kPage).read(page.data(), kPage);
  EXPECT_EQ(page, bytes.substr(kPage, kPage));
}

TEST_F(StoreCopyTest, NeverOverwritesAnything) {
  const auto store = open();
  write_file(directory_.file("copy.db"), "somebody's");
  const auto copy = begin_copy(*store, directory_.file("copy.db"));
  ASSERT_FALSE(copy);
  EXPECT_EQ(copy.error().kind, base::Error::Kind::kConflict);
  EXPECT_EQ(file_bytes(directory_.file("copy.db")), "somebody's");
}

// Whatever call of the copy fails, that is an error of the copy alone.
class FailsAt final : public IoObserver {
 public:
  explicit FailsAt(int calls) : left_(calls) {}
  Verdict before(const IoCall& io) override {
    if (io.kind == IoCall::Kind::kRead) return Verdict::kPass;
    if (has_failed_ || left_-- > 0) return has_failed_ ? Verdict::kDiskFull : Verdict::kPass;
    has_failed_ = true;
    return Verdict::kDiskFull;
  }
  bool has_failed() const { return has_failed_; }

 private:
  int left_;
  bool has_failed_ = false;
};

TEST_F(StoreCopyTest, AFullDiskIsAnErrorOfTheCopyAlone) {
  const auto store = open();
  int number = 0;
  while (number < 5) commit(*store, ++number);
  int failures = 0;
  for (int calls = 0;; ++calls) {
    const std::string to = directory_.file(fmt::format("copy-{}.db", calls));
    FailsAt full(calls);
    auto copy = begin_copy(*store, to, &full);
    base::Result<bool> whole = false;
    while (copy && whole && !*whole) {
      whole = (*copy)->step(kFewPages);
      if (whole && !*whole) commit(*store, ++number);
    }
    EXPECT_EQ(!copy || !whole, full.has_failed()) << "a copy that is called whole is whole";
    if (!full.has_failed()) break;
    ++failures;
    copy = tl::unexpected(base::Error{});
    commit(*store, ++number);
    EXPECT_EQ(store->sequence(), static_cast<std::uint64_t>(number)) << "the store goes on";
    std::filesystem::remove(to);
  }
  EXPECT_GE(failures, 3) << "it is opened, written and synced";
}

class SeesLastChange final : public IoObserver {
 public:
  void after(const IoCall& io) override {
    if (io.file != IoCall::File::kDatabase) return;
    if (io.kind == IoCall::Kind::kWrite || io.kind == IoCall::Kind::kSync) last = io.kind;
  }
  IoCall::Kind last = IoCall::Kind::kOpen;
};

TEST_F(StoreCopyTest, IsOnDiskOnceItIsWhole) {
  const auto store = open();
  commit(*store, 1);
  SeesLastChange seen;
  auto copy = begin_copy(*store, directory_.file("copy.db"), &seen).value();
  while (!copy->step(kFewPages).value()) {
  }
  EXPECT_EQ(seen.last, IoCall::Kind::kSync) << "nothing is written behind the last sync";
}

TEST_F(StoreCopyTest, OneThatComesToNothingLeavesTheStoreAsItIs) {
  const auto store = open();
  commit(*store, 1);
  EXPECT_FALSE(begin_copy(*store, directory_.file("no/such/folder/copy.db")));
  // One that is given up on the way.
  {
    auto copy = begin_copy(*store, directory_.file("given-up.db")).value();
    EXPECT_FALSE(copy->step(1).value());
    commit(*store, 2);
  }
  commit(*store, 3);
  EXPECT_EQ(store->sequence(), 3U);
}

TEST_F(StoreCopyTest, OfAClosedStoreIsTheSame) {
  {
    commit(*open(), 1);
  }
  ASSERT_TRUE(
      Survey::open(directory_.file("data.db")).value()->copy_to(directory_.file("copy.db")));
  EXPECT_EQ(number_in("copy.db"), number_in("data.db"));
}

TEST_F(StoreCopyTest, ANewLifeGivesNoNumberAgain) {
  std::uint64_t sequence = 0;
  std::uint64_t given = 0;
  {
    const auto store = open();
    commit(*store, 1);
    ASSERT_TRUE(store->new_user(5));
    auto copy = begin_copy(*store, directory_.file("copy.db")).value();
    ASSERT_TRUE(copy->step(-1).value());
    // Its first life goes on for a long while.
    for (int i = 0; i < 1'000; ++i) given = store->new_user(5)->number;
    for (int i = 2; i < 20; ++i) commit(*store, i);
    sequence = store->sequence();
  }
  ASSERT_TRUE(begin_new_life(directory_.file("copy.db"), "held", "why"));
  const auto second = open("copy.db");
  EXPECT_EQ(second->setting("held").value(), "why");
  EXPECT_GT(second->sequence(), sequence);
  EXPECT_GT(second->new_user(5)->number, given);
  EXPECT_GT(second->new_user(700)->number, 0U);
  const std::uint64_t first_of_second = second->new_user(5)->number;
  EXPECT_LT(first_of_second, 2 * kNumbersOfALife);
}

TEST_F(StoreCopyTest, EachFurtherLifeSkipsAhead) {
  {
    commit(*open(), 1);
  }
  for (std::uint64_t life = 1; life <= 3; ++life) {
    ASSERT_TRUE(begin_new_life(directory_.file("data.db"), "held", ""));
    const auto store = open();
    EXPECT_EQ(store->sequence(), life * kNumbersOfALife);
    EXPECT_GE(store->new_user(5)->number, life * kNumbersOfALife);
  }
}

}  // namespace
}  // namespace sojourn::store
