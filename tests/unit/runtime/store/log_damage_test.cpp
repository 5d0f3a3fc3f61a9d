// A log that is not what was written: damaged, cut, or without its database. What SQLite would take
// for the end of the log is told from damage, wherever that can be told.
#include <algorithm>
#include <gtest/gtest.h>
#include <iostream>

#include "runtime/store/log_guard.h"
#include "runtime/store/new_life.h"
#include "runtime/store/sqlite_store.h"
#include "runtime/store/survey.h"
#include "tests/unit/runtime/store/random_turns.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::store {
namespace {

constexpr std::uint64_t kSeed = 29;
constexpr int kCommits = 12;
constexpr std::size_t kPageBytes = 512;
constexpr std::size_t kFrameBytes = kPageBytes + 24;
constexpr std::size_t kHeadBytes = 32;

// The files of a store that was killed with all its commits in the log.
class DamagedLog : public ::testing::Test {
 protected:
  DamagedLog() : turns_(kSeed) {
    const ScratchDirectory made(ScratchDirectory::Place::kMemory);
    SqliteOptions options;
    options.path = made.file("data.db");
    options.page_bytes = kPageBytes;
    const auto store = open_sqlite_store(options).value();
    for (int i = 0; i < kCommits; ++i) {
      const Commit commit = turns_.next(states_.back());
      last_commit_begins_ = file_bytes(options.path + "-wal").size();
      Content next = states_.back();
      next.apply(commit);
      states_.push_back(std::move(next));
      store->commit(commit, [](const auto& done) { ASSERT_TRUE(done); });
    }
    database_ = file_bytes(options.path);
    log_ = file_bytes(options.path + "-wal");
  }

  // What is found with this log; nothing and the error when the store does not open.
  base::Result<Content> open_with(const std::string& log) {
    const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
    SqliteOptions options;
    options.path = directory.file("data.db");
    write_file(options.path, database_);
    write_file(options.path + "-wal", log);
    const auto store = open_sqlite_store(options);
    if (store) return content_of(**store, turns_.universe());
    EXPECT_EQ(file_bytes(options.path), database_);
    EXPECT_EQ(file_bytes(options.path + "-wal"), log) << "a damaged log is left as it is";
    return tl::unexpected(store.error());
  }

  RandomTurns turns_;
  std::vector<Content> states_{Content{}};
  // The last frame of a commit says that it is the last. When it is gone whole, its commit and the
  // next are as one.
  std::size_t can_be_told_before() const { return last_commit_begins_ - kFrameBytes; }

  std::string database_;
  std::string log_;
  std::size_t last_commit_begins_ = 0;
};

TEST_F(DamagedLog, AFlippedBitIsFoundAnywhereButAtTheEnd) {
  std::cout << "seed " << kSeed << '\n';
  ASSERT_GT(log_.size(), 100 * kFrameBytes);
  base::SeededRandom random(kSeed);
  int found = 0;
  int last_lost = 0;
  for (std::size_t at = 0; at < log_.size(); at += 1 + base::random_below(random, 1'500)) {
    SCOPED_TRACE(at);
    std::string log = log_;
    log[at] = static_cast<char>(log[at] ^ (1 << base::random_below(random, 8)));
    const auto content = open_with(log);
    if (!content) {
      ++found;
      EXPECT_EQ(content.error().kind, base::Error::Kind::kFatal);
      EXPECT_NE(content.error().message.find("-wal` is damaged: "), std::string::npos)
          << content.error().message;
      EXPECT_NE(content.error().hint.find("start from a backup"), std::string::npos);
      continue;
    }
    // As if the power had gone while it was written.
    ++last_lost;
    EXPECT_GE(at, can_be_told_before()) << "acknowledged commits are missing, and nobody says so";
    EXPECT_GE(content->sequence, states_.size() - 3);
    EXPECT_EQ(*content, states_[content->sequence]);
  }
  std::cout << found << " flipped bits found, " << last_lost << " as if the power had gone\n";
  EXPECT_GT(found, 100);
  EXPECT_GT(last_lost, 0);
}

TEST_F(DamagedLog, AZeroedOrForeignFrameIsFoundAnywhereButAtTheEnd) {
  for (std::size_t at = kHeadBytes; at < can_be_told_before(); at += 5 * kFrameBytes) {
    SCOPED_TRACE(at);
    std::string zeroed = log_;
    zeroed.replace(at, kFrameBytes, kFrameBytes, '\0');
    EXPECT_FALSE(open_with(zeroed));
    const std::size_t other = at == kHeadBytes ? at + kFrameBytes : kHeadBytes;
    std::string foreign = log_;
    foreign.replace(at, kFrameBytes, log_, other, kFrameBytes);
    EXPECT_FALSE(open_with(foreign));
  }
}

// What is behind a cut is gone, and with it what could tell: docs/store.md says so.
TEST_F(DamagedLog, ACutLogIsOneThatEndsThere) {
  std::size_t commits = 0;
  for (std::size_t bytes = 0; bytes <= log_.size(); bytes += kFrameBytes / 2) {
    SCOPED_TRACE(bytes);
    const auto content = open_with(log_.substr(0, bytes));
    ASSERT_TRUE(content) << content.error().message;
    ASSERT_LT(content->sequence, states_.size());
    EXPECT_EQ(*content, states_[content->sequence]) << "a commit is there in part";
    EXPECT_GE(content->sequence, commits);
    commits = content->sequence;
  }
  EXPECT_GT(commits, kCommits / 2);
}

TEST_F(DamagedLog, AnIndexThatSomebodyLeftIsNotRead) {
  const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
  SqliteOptions options;
  options.path = directory.file("data.db");
  write_file(options.path, database_);
  write_file(options.path + "-wal", log_);
  write_file(options.path + "-shm", std::string(32'768, '\x5A'));
  const auto store = open_sqlite_store(options).value();
  EXPECT_EQ(content_of(*store, turns_.universe()), states_.back());
}

TEST_F(DamagedLog, WithoutItsDatabaseItIsNeitherUsedNorDeleted) {
  for (const bool is_empty : {false, true}) {
    SCOPED_TRACE(is_empty);
    const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
    SqliteOptions options;
    options.path = directory.file("data.db");
    if (is_empty) write_file(options.path, "");
    write_file(options.path + "-wal", log_);
    const auto store = open_sqlite_store(options);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, base::Error::Kind::kFatal);
    EXPECT_EQ(store.error().message, "store `" + options.path + "` is " +
                                         (is_empty ? "empty" : "missing") + ", and its log `" +
                                         options.path + "-wal` is there");
    // Nor by who looks through it, or makes a store of a copy.
    EXPECT_FALSE(Survey::open(options.path));
    EXPECT_FALSE(begin_new_life(options.path, "held", ""));
    EXPECT_EQ(file_bytes(options.path + "-wal"), log_);
    EXPECT_EQ(std::filesystem::exists(options.path), is_empty);
  }
}

TEST_F(DamagedLog, AnEmptyLogBesideADatabaseOrNoneIsNoDamage) {
  EXPECT_TRUE(open_with(""));
  const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
  SqliteOptions options;
  options.path = directory.file("data.db");
  write_file(options.path + "-wal", "");
  EXPECT_TRUE(open_sqlite_store(options));
}

}  // namespace
}  // namespace sojourn::store
