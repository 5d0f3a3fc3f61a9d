#include "runtime/store/vfs.h"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::store {
namespace {

using ::testing::ElementsAre;

class Recorder final : public IoObserver {
 public:
  Verdict before(const IoCall& io) override {
    return io.kind == fails ? Verdict::kIoError : Verdict::kPass;
  }
  void after(const IoCall& io) override {
    if (io.file != IoCall::File::kLog) return;
    if (io.kind == IoCall::Kind::kWrite) calls.push_back("write " + std::to_string(io.size_bytes));
    if (io.kind == IoCall::Kind::kSync) calls.push_back("sync");
    if (io.kind == IoCall::Kind::kRead) calls.push_back("read");
  }
  std::optional<IoCall::Kind> fails;
  std::vector<std::string> calls;
};

// A file opened through the seam, as SQLite would.
class VfsTest : public ::testing::Test {
 protected:
  VfsTest() : name_(directory_.file("x-wal")) {
    write_file(directory_.file("x"), "");  // a log takes its permissions from its database
  }

  sqlite3_file* open() {
    sqlite3_vfs* vfs = sqlite3_vfs_find(vfs_.name());
    memory_.resize(static_cast<std::size_t>(vfs->szOsFile));
    auto* file = reinterpret_cast<sqlite3_file*>(memory_.data());
    int flags = SQLITE_OPEN_WAL | SQLITE_OPEN_CREATE | SQLITE_OPEN_READWRITE;
    EXPECT_EQ(vfs->xOpen(vfs, name_.c_str(), file, flags, &flags), SQLITE_OK);
    return file;
  }
  static int write(sqlite3_file* file, const std::string& bytes, std::int64_t offset) {
    return file->pMethods->xWrite(file, bytes.data(), static_cast<int>(bytes.size()), offset);
  }

  ScratchDirectory directory_;
  Recorder recorder_;
  Vfs vfs_{&recorder_};
  const std::string name_;
  std::vector<char> memory_;
};

TEST_F(VfsTest, JoinsWritesOfTheLogThatContinueEachOther) {
  sqlite3_file* file = open();
  EXPECT_EQ(write(file, "ab", 0), SQLITE_OK);
  EXPECT_EQ(write(file, "cde", 2), SQLITE_OK);
  EXPECT_EQ(write(file, "XY", 1), SQLITE_OK);
  EXPECT_THAT(recorder_.calls, ElementsAre("write 5"));
  EXPECT_EQ(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL), SQLITE_OK);
  EXPECT_THAT(recorder_.calls, ElementsAre("write 5", "write 2", "sync"));
  EXPECT_EQ(file->pMethods->xClose(file), SQLITE_OK);
  EXPECT_EQ(file_bytes(name_), "aXYde");
}

TEST_F(VfsTest, ReadsWhatWasKeptBack) {
  sqlite3_file* file = open();
  EXPECT_EQ(write(file, "abc", 0), SQLITE_OK);
  char read[2] = {};
  EXPECT_EQ(file->pMethods->xRead(file, read, 2, 1), SQLITE_OK);
  EXPECT_EQ(std::string(read, 2), "bc");
  EXPECT_EQ(write(file, "d", 3), SQLITE_OK);
  sqlite3_int64 size = 0;
  EXPECT_EQ(file->pMethods->xFileSize(file, &size), SQLITE_OK);
  EXPECT_EQ(size, 4);
  EXPECT_EQ(write(file, "e", 4), SQLITE_OK);
  EXPECT_EQ(file->pMethods->xTruncate(file, 2), SQLITE_OK);
  EXPECT_EQ(write(file, "f", 2), SQLITE_OK);
  EXPECT_EQ(file->pMethods->xClose(file), SQLITE_OK);
  EXPECT_EQ(file_bytes(name_), "abf");
}

TEST_F(VfsTest, WritesLongRunsInParts) {
  sqlite3_file* file = open();
  std::string all;
  for (int i = 0; i < 100; ++i) {
    const std::string page(4096, static_cast<char>('a' + i % 26));
    ASSERT_EQ(write(file, page, static_cast<std::int64_t>(all.size())), SQLITE_OK);
    all += page;
  }
  EXPECT_EQ(file->pMethods->xClose(file), SQLITE_OK);
  EXPECT_EQ(recorder_.calls.size(), 4);
  EXPECT_TRUE(file_bytes(name_) == all);
}

TEST_F(VfsTest, AFailedWriteOfWhatWasKeptFailsTheSyncAndAllThatFollows) {
  sqlite3_file* file = open();
  EXPECT_EQ(write(file, "abc", 0), SQLITE_OK);
  recorder_.fails = IoCall::Kind::kWrite;
  EXPECT_EQ(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL), SQLITE_IOERR_WRITE);
  recorder_.fails.reset();
  EXPECT_EQ(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL), SQLITE_IOERR_WRITE);
  EXPECT_EQ(write(file, "abc", 0), SQLITE_IOERR_WRITE);
  EXPECT_EQ(file->pMethods->xClose(file), SQLITE_IOERR_WRITE);
  EXPECT_EQ(file_bytes(name_), "");
}

TEST(Vfs, EachHasANameOfItsOwnWhileItLives) {
  std::string name;
  {
    const Vfs one(nullptr);
    const Vfs two(nullptr);
    EXPECT_STRNE(one.name(), two.name());
    name = one.name();
    EXPECT_NE(sqlite3_vfs_find(name.c_str()), nullptr);
  }
  EXPECT_EQ(sqlite3_vfs_find(name.c_str()), nullptr);
}

}  // namespace
}  // namespace sojourn::store
