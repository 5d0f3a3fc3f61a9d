// A database of more than 4 GiB: offsets and page counts beyond 32 bits of bytes go through our
// file layer, its joined writes and the checkpoint. The file is sparse: what lies before the line
// is a list of free pages, of which SQLite takes those at the end first.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

#include "runtime/store/sqlite_store.h"
#include "runtime/store/store_copy.h"
#include "runtime/store/survey.h"
#include "runtime/store/vfs.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::store {
namespace {

constexpr std::uint32_t kPageBytes = 65'536;
constexpr std::uint32_t kPages = 70'000;  // 4.27 GiB
constexpr std::int64_t kLine = std::int64_t{1} << 32;

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(value >> shift));
  return bytes;
}

// SQLite locks a byte of this page and never uses it.
constexpr std::uint32_t kLockPage = 0x40000000 / kPageBytes + 1;
// All that the first trunk has lies beyond the line.
constexpr std::uint32_t kFirstBeyond = (1ULL << 32) / kPageBytes + 100;

// Makes the pages behind the last a chain of trunks with free leaves, the last pages first
// (SQLite's file format, "The Freelist").
void grow(const std::string& path) {
  const auto used = static_cast<std::uint32_t>(std::filesystem::file_size(path) / kPageBytes);
  std::filesystem::resize_file(path, std::uint64_t{kPages} * kPageBytes);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto put = [&](std::uint64_t offset, std::uint32_t value) {
    file.seekp(static_cast<std::streamoff>(offset));
    file << big_endian(value);
  };
  std::uint32_t next = kPages;
  const auto take = [&] {
    const std::uint32_t taken = next--;
    if (next == kLockPage) --next;
    return taken;
  };
  constexpr std::uint32_t kMostLeaves = kPageBytes / 4 - 8;
  std::uint32_t leaves_here = kPages - kFirstBeyond;
  put(32, kPages);
  while (next > used) {
    const std::uint64_t trunk = std::uint64_t{take() - 1} * kPageBytes;
    std::uint32_t leaves = 0;
    while (leaves < leaves_here && next > used) put(trunk + 8 + 4ULL * leaves++, take());
    put(trunk + 4, leaves);
    put(trunk, next > used ? next : 0);
    leaves_here = kMostLeaves;
  }
  put(36, kPages - used - 1);  // without the page that is locked
  put(28, kPages);
}

class SeesOffsets final : public IoObserver {
 public:
  void after(const IoCall& io) override {
    if (io.file != IoCall::File::kDatabase) return;
    if (io.kind == IoCall::Kind::kWrite) written = std::max(written, io.offset + io.size_bytes);
    if (io.kind == IoCall::Kind::kRead) read = std::max(read, io.offset + io.size_bytes);
  }
  std::int64_t written = 0;
  std::int64_t read = 0;
};

class LargeStore : public testing::Test {
 protected:
  LargeStore() {
    options_.path = directory_.file("large.db");
    options_.page_bytes = kPageBytes;
    options_.log_limit_bytes = 1U << 20;
    open_sqlite_store(options_).value().reset();
    grow(options_.path);
    options_.observer = &seen_;
  }
  static void fill(Store& store, std::uint64_t from) {
    Commit turn;
    for (std::uint64_t user = from; user < from + 100; ++user) {
      turn.put_rows.push_back({{{7, user}, RowKind::kHead, 0}, body(user)});
    }
    store.commit(turn, [](const auto& done) { ASSERT_TRUE(done) << done.error().message; });
  }
  static std::string body(std::uint64_t user) {
    return std::string(60'000, static_cast<char>('a' + user % 26));
  }
  static void expect_filled(Store& store, std::uint64_t users) {
    const auto heads = store.heads({}, 1'000).value();
    ASSERT_EQ(heads.size(), users);
    for (const Row& head : heads) EXPECT_TRUE(head.body == body(head.key.user.number));
  }

  ScratchDirectory directory_;
  SqliteOptions options_;
  SeesOffsets seen_;
};

TEST_F(LargeStore, CommitsCheckpointsAndReadsBeyondFourGibibytes) {
  ASSERT_TRUE(Survey::open(options_.path).value()->damages(10).empty()) << "what the test made";
  {
    const auto store = open_sqlite_store(options_).value();
    for (std::uint64_t turn = 0; turn < 3; ++turn) fill(*store, 1 + 100 * turn);
  }
  EXPECT_GT(seen_.written, kLine) << "a checkpoint has copied pages to there";
  expect_filled(*open_sqlite_store(options_).value(), 300);
  EXPECT_GT(seen_.read, kLine);
  EXPECT_TRUE(Survey::open(options_.path).value()->damages(10).empty());
}

// Writes 4 GiB.
TEST_F(LargeStore, IsBackedUpWhole) {
  if (std::getenv("SOJOURN_LARGE_STORE") == nullptr) GTEST_SKIP() << "set SOJOURN_LARGE_STORE=1";
  const std::string to = directory_.file("copy.db");
  const auto store = open_sqlite_store(options_).value();
  fill(*store, 1);
  auto copy = begin_copy(*store, to).value();
  while (!copy->step(2'000).value()) {
  }
  EXPECT_GT(std::filesystem::file_size(to), static_cast<std::uint64_t>(kLine));
  SqliteOptions options;
  options.path = to;
  expect_filled(*open_sqlite_store(options).value(), 100);
  EXPECT_TRUE(Survey::open(to).value()->damages(10).empty());
}

}  // namespace
}  // namespace sojourn::store
