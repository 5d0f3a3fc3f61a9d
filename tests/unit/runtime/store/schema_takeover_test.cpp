// A store of an older schema is taken over when it is opened. Whatever call to the disk that is
// stopped at, by a power cut or because every later call fails as of a process that is gone, the
// next start has all of it, in the new schema.
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "base/random.h"
#include "runtime/store/sqlite.h"
#include "runtime/store/sqlite_store.h"
#include "runtime/store/survey.h"
#include "runtime/store/vfs.h"
#include "tests/unit/runtime/store/older_schemas.h"
#include "tests/unit/runtime/store/power_disk.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::store {
namespace {

using Unsynced = PowerDisk::Unsynced;

constexpr int kPeople = 200;
constexpr std::uint64_t kSeed = 11;

// Lets so many changing calls through; then the process is gone.
class GoneAfter final : public IoObserver {
 public:
  explicit GoneAfter(int calls) : left_(calls) {}
  Verdict before(const IoCall& io) override {
    if (io.kind == IoCall::Kind::kRead || io.kind == IoCall::Kind::kOpen) return Verdict::kPass;
    if (left_ == 0) is_gone_ = true;
    if (is_gone_) return Verdict::kIoError;
    --left_;
    return Verdict::kPass;
  }
  bool is_gone() const { return is_gone_; }

 private:
  int left_;
  bool is_gone_ = false;
};

UserId person(int number) {
  return {static_cast<std::uint16_t>(number % kShardCount), static_cast<std::uint64_t>(number + 1)};
}

class SchemaTakeover : public testing::TestWithParam<int> {
 protected:
  std::string path(const std::string& name) const { return directory_.file(name); }

  // As a program of the version wrote it.
  void make_older(const std::string& file, IoObserver* observer) {
    SqliteOptions options;
    options.path = file;
    options.observer = observer;
    {
      const auto store = open_sqlite_store(options).value();
      Commit turn;
      for (int i = 0; i < kPeople; ++i) {
        turn.put_rows.push_back({{person(i), RowKind::kHead, 0}, std::to_string(i)});
        turn.put_timers.push_back({person(i), base::Instant{1'000 + i}, 1});
        turn.put_deliveries.push_back(
            {{person(i), {7, static_cast<std::uint64_t>(i)}}, base::Instant{5'000 - i}, "body"});
      }
      store->commit(turn, [](const auto& done) { ASSERT_TRUE(done); });
    }
    Vfs vfs(observer);
    const auto connection = Connection::open(file, vfs.name()).value();
    connection->execute("PRAGMA locking_mode=EXCLUSIVE");
    connection->execute(kOneQueue);
    if (GetParam() < 3) connection->execute(kDueByShard);
    if (GetParam() < 2) connection->execute(kNoFanOuts);
    EXPECT_TRUE(connection->ok());
    EXPECT_EQ(connection->ask_integer("PRAGMA user_version"), GetParam());
  }

  // The next start has everything, and so has the one after it.
  static void expect_taken_over(const std::string& file) {
    for (int start = 0; start < 2; ++start) {
      SqliteOptions options;
      options.path = file;
      const auto store = open_sqlite_store(options);
      ASSERT_TRUE(store) << store.error().message;
      const auto due = (*store)->due_timers(base::kNever, 2 * kPeople).value();
      ASSERT_EQ(due.size(), std::size_t{kPeople});
      for (int i = 0; i < kPeople; ++i) {
        EXPECT_EQ(due[static_cast<std::size_t>(i)],
                  (TimerKey{person(i), base::Instant{1'000 + i}, 1}));
      }
      const auto planned = (*store)->due_deliveries(0, base::kNever, 2 * kPeople).value();
      ASSERT_EQ(planned.size(), std::size_t{kPeople});
      EXPECT_EQ(planned.front().key.user, person(kPeople - 1)) << "in due order";
      EXPECT_EQ((*store)->heads({}, 2 * kPeople).value().size(), std::size_t{kPeople});
      EXPECT_TRUE((*store)->fan_outs({}, 1).value().empty());
    }
    const auto survey = Survey::open(file);
    ASSERT_TRUE(survey) << survey.error().message;
    EXPECT_TRUE((*survey)->damages(10).empty());
  }

  ScratchDirectory directory_{ScratchDirectory::Place::kMemory};
};

TEST_P(SchemaTakeover, GoesOnWhereverTheProcessIsGone) {
  make_older(path("older.db"), nullptr);
  const std::string older = file_bytes(path("older.db"));
  int stops = 0;
  for (int calls = 0;; ++calls) {
    const std::string file = path("taken.db");
    write_file(file, older);
    std::filesystem::remove(file + "-wal");
    GoneAfter gone(calls);
    SqliteOptions options;
    options.path = file;
    options.observer = &gone;
    open_sqlite_store(options);
    if (!gone.is_gone()) break;
    ++stops;
    SCOPED_TRACE("after " + std::to_string(calls) + " calls");
    expect_taken_over(file);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(stops, 3) << "a takeover writes its log, syncs it, and copies it";
}

TEST_P(SchemaTakeover, GoesOnAfterAPowerCutAtAnySync) {
  PowerDisk disk;
  const std::string file = path("older.db");
  make_older(file, &disk);
  RecordProperty("seed", std::to_string(kSeed));
  base::SeededRandom random(kSeed);
  std::vector<PowerDisk::Image> images;
  disk.at_sync([&] {
    for (const Unsynced unsynced : {Unsynced::kLost, Unsynced::kKept, Unsynced::kSomeKept}) {
      images.push_back(disk.cut(unsynced, random));
    }
  });
  SqliteOptions options;
  options.path = file;
  options.observer = &disk;
  open_sqlite_store(options).value().reset();
  EXPECT_GE(images.size(), 6U);
  for (std::size_t i = 0; i < images.size(); ++i) {
    SCOPED_TRACE("image " + std::to_string(i) + ", seed " + std::to_string(kSeed));
    for (const char* part : {"", "-wal"}) {
      std::filesystem::remove(path("cut.db") + part);
      const auto found = images[i].find(file + part);
      if (found != images[i].end()) write_file(path("cut.db") + part, found->second);
    }
    expect_taken_over(path("cut.db"));
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Versions, SchemaTakeover, testing::Values(1, 2, 3));

}  // namespace
}  // namespace sojourn::store
