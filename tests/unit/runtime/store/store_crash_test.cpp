// What a crash or a failing disk leaves behind: everything acknowledged, whole,
// and at most the one transaction that was under way, whole as well.
#include <algorithm>
#include <functional>
#include <gmock/gmock.h>

#include "runtime/store/sqlite_store.h"
#include "tests/unit/runtime/store/power_disk.h"
#include "tests/unit/runtime/store/random_turns.h"
#include "tests/unit/runtime/store/scratch_directory.h"

namespace sojourn::store {
namespace {

using Unsynced = PowerDisk::Unsynced;

// What the owner of a store knows at some moment.
struct Knowledge {
  std::vector<Content> states{Content{}};  // after each transaction that was begun
  std::size_t acknowledged = 0;            // index of the last one known to be durable
  std::map<std::uint16_t, std::uint64_t> last_user;
};

// A store with a small log and a small cache, so that a short run copies the log,
// begins it again and cuts it; and a run of random transactions on it.
class StoreRun {
 public:
  StoreRun(const ScratchDirectory& directory, IoObserver* observer, std::uint64_t seed)
      : turns_(seed) {
    options_.path = directory.file("data.db");
    options_.log_limit_bytes = 120'000;
    options_.cache_bytes = 64'000;
    options_.observer = observer;
  }

  // Stops at the first error, which must be fatal and final.
  void go(int transactions) {
    auto store = open_sqlite_store(options_);
    if (!store) {
      EXPECT_EQ(store.error().kind, base::Error::Kind::kFatal) << store.error().message;
      return;
    }
    run_on(**store, transactions);
  }
  // The next process, on what the last one left of the transaction that was under way. It ends
  // without closing anything; `at_end` is called then.
  void go_on(int transactions, const std::function<void()>& at_end) {
    auto store = open_sqlite_store(options_);
    ASSERT_TRUE(store) << store.error().message;
    knowledge_.states.push_back(content_of(**store, turns_.universe()));
    run_on(**store, transactions);
    at_end();
  }

  const Knowledge& knowledge() const { return knowledge_; }
  const Universe& universe() const { return turns_.universe(); }
  const std::string& path() const { return options_.path; }

 private:
  void run_on(Store& store, int transactions) {
    for (int i = 0; i < transactions; ++i) {
      if (take_user(store) && one_transaction(store, i)) continue;
      expect_dead(store);
      return;
    }
  }
  bool take_user(Store& store) {
    const auto shard = static_cast<std::uint16_t>(turns_.random().next() % 3);
    const auto user = store.new_user(shard);
    if (!user) return false;
    EXPECT_GT(user->number, knowledge_.last_user[shard]);
    knowledge_.last_user[shard] = user->number;
    return true;
  }

  bool one_transaction(Store& store, int i) {
    Content next = knowledge_.states.back();
    bool done = false;
    if (i % 8 == 5) {
      next.settings["program"] = std::to_string(i);
      knowledge_.states.push_back(next);
      done = store.put_setting("program", std::to_string(i)).has_value();
    } else if (i % 8 == 7) {
      std::erase_if(next.seen, [](const SeenEvent& event) { return event.day < 20'002; });
      knowledge_.states.push_back(next);
      done = store.drop_seen_before(20'002, 10'000).has_value();
    } else {
      const Commit commit = turns_.next(next);
      next.apply(commit);
      knowledge_.states.push_back(next);
      store.commit(commit, [&](const base::Result<std::uint64_t>& result) {
        done = result.has_value();
        if (!result) {
          EXPECT_EQ(result.error().kind, base::Error::Kind::kFatal);
        } else {
          EXPECT_EQ(*result, next.sequence);
        }
      });
    }
    if (done) knowledge_.acknowledged = knowledge_.states.size() - 1;
    return done;
  }

  void expect_dead(Store& store) {
    EXPECT_EQ(store.load({}).error().kind, base::Error::Kind::kFatal);
    EXPECT_FALSE(store.new_user(0));
    EXPECT_FALSE(store.put_setting("program", "late"));
    bool refused = false;
    store.commit({}, [&](const auto& done) { refused = !done.has_value(); });
    EXPECT_TRUE(refused);
  }

  SqliteOptions options_;
  RandomTurns turns_;
  Knowledge knowledge_;
};

// Opens the files at `path` and compares them with what the owner knew.
void expect_kept(const std::string& path, const Knowledge& knew, const Universe& universe) {
  SqliteOptions options;
  options.path = path;
  const auto store = open_sqlite_store(options);
  ASSERT_TRUE(store) << store.error().message;
  const Content found = content_of(**store, universe);
  const auto may_be = knew.states.begin() + static_cast<std::ptrdiff_t>(knew.acknowledged);
  EXPECT_TRUE(std::find(may_be, knew.states.end(), found) != knew.states.end())
      << "sequence " << found.sequence << " found, " << may_be->sequence << " acknowledged";
  for (const auto& [shard, last] : knew.last_user) {
    EXPECT_GT((*store)->new_user(shard).value().number, last);
  }
}

void expect_image_kept(const PowerDisk::Image& image, const Knowledge& knew,
                       const Universe& universe) {
  const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
  for (const auto& [path, bytes] : image) {
    write_file(directory.path() / std::filesystem::path(path).filename(), bytes);
  }
  expect_kept(directory.file("data.db"), knew, universe);
}

struct Moment {
  PowerDisk::Image image;
  Knowledge knew;
};

class PowerCut : public ::testing::TestWithParam<Unsynced> {};

TEST_P(PowerCut, AtAnySyncLosesNothingAcknowledgedAndTearsNothing) {
  const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
  PowerDisk disk;
  base::SeededRandom random(7);
  std::vector<Moment> moments;
  StoreRun run(directory, &disk, 11);
  disk.at_sync([&] { moments.push_back({disk.cut(GetParam(), random), run.knowledge()}); });
  run.go(40);
  EXPECT_EQ(run.knowledge().acknowledged, 40);
  EXPECT_GT(moments.size(), 100);
  for (std::size_t i = 0; i < moments.size(); ++i) {
    SCOPED_TRACE(i);
    expect_image_kept(moments[i].image, moments[i].knew, run.universe());
  }
}

INSTANTIATE_TEST_SUITE_P(Writes, PowerCut,
                         ::testing::Values(Unsynced::kLost, Unsynced::kKept, Unsynced::kSomeKept));

struct Failure {
  const char* name;
  IoCall::Kind kind;
  IoObserver::Verdict verdict;
};

class FailingDisk : public ::testing::TestWithParam<Failure> {};

TEST_P(FailingDisk, EndsTheStoreAndLosesNothingAcknowledged) {
  base::SeededRandom random(7);
  int count = 0;
  for (bool failed = true; failed;) {
    SCOPED_TRACE(++count);
    const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
    PowerDisk disk;
    disk.fail(GetParam().kind, count, GetParam().verdict);
    StoreRun run(directory, &disk, 11);
    run.go(14);
    failed = disk.failed();
    // The process stops; or the power goes soon after.
    const PowerDisk::Image image = disk.cut(Unsynced::kSomeKept, random);
    expect_image_kept(image, run.knowledge(), run.universe());
    expect_kept(run.path(), run.knowledge(), run.universe());
    if (!failed) {
      EXPECT_EQ(run.knowledge().acknowledged, 14);
    }
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
  EXPECT_GT(count, 20) << "the run should come to many calls of this kind";
}

INSTANTIATE_TEST_SUITE_P(
    Calls, FailingDisk,
    ::testing::Values(Failure{"FullAtWrite", IoCall::Kind::kWrite, IoObserver::Verdict::kDiskFull},
                      Failure{"ErrorAtWrite", IoCall::Kind::kWrite, IoObserver::Verdict::kIoError},
                      Failure{"ErrorAtSync", IoCall::Kind::kSync, IoObserver::Verdict::kIoError},
                      Failure{"ErrorAtRead", IoCall::Kind::kRead, IoObserver::Verdict::kIoError}),
    [](const auto& instance) { return instance.param.name; });

// The process after a failed sync reads what the operating system still has in memory, and builds
// on it; then the power goes.
TEST(StoreCrash, WhatAFailedSyncLeftInMemoryIsWrittenAgainAtTheNextStart) {
  base::SeededRandom random(7);
  int count = 0;
  for (bool failed = true; failed;) {
    SCOPED_TRACE(++count);
    const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
    PowerDisk disk;
    disk.fail(IoCall::Kind::kSync, count, IoObserver::Verdict::kIoError);
    StoreRun run(directory, &disk, 11);
    run.go(10);
    failed = disk.failed();
    PowerDisk::Image image;
    // One more: after some the log is copied, and nothing depends on it.
    run.go_on(1, [&] { image = disk.cut(Unsynced::kLost, random); });
    expect_image_kept(image, run.knowledge(), run.universe());
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
  EXPECT_GT(count, 20);
}

TEST(StoreCrash, AfterAFailureTheDiskIsLeftAlone) {
  const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
  PowerDisk disk;
  SqliteOptions options;
  options.path = directory.file("data.db");
  options.log_limit_bytes = 1;  // each commit is followed by a copy into the database
  options.observer = &disk;
  auto store = open_sqlite_store(options).value();
  // The first sync is the commit's, the second and third are the copying's.
  disk.fail(IoCall::Kind::kSync, 3, IoObserver::Verdict::kIoError);
  bool durable = false;
  store->commit({}, [&](const auto& done) { durable = done.has_value(); });
  EXPECT_TRUE(durable) << "what failed came after the commit";
  ASSERT_TRUE(disk.failed());
  EXPECT_FALSE(store->load({}));
  store.reset();
  EXPECT_EQ(disk.changes_since_failure(), 0);
}

TEST(StoreCrash, AFullDiskIsSaidInWordsWithWhatToDo) {
  const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
  PowerDisk disk;
  SqliteOptions options;
  options.path = directory.file("data.db");
  options.observer = &disk;
  const auto store = open_sqlite_store(options).value();
  disk.fail(IoCall::Kind::kWrite, 1, IoObserver::Verdict::kDiskFull);
  store->commit({}, [&](const base::Result<std::uint64_t>& done) {
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "store `" + options.path +
                                        "`: cannot COMMIT: database or disk is full"
                                        " (SQLite code 13)");
    EXPECT_EQ(done.error().hint, "free disk space, then start again");
  });
}

// A disk that is full from its first write on, and an owner that may have room to give.
class FullDisk : public ::testing::TestWithParam<IoObserver::Verdict> {
 protected:
  FullDisk() {
    options_.path = directory_.file("data.db");
    options_.observer = &disk_;
  }
  void give_by(std::function<bool()> give) {
    options_.room.given = [] { return std::uint64_t{0}; };
    options_.room.give = [give = std::move(give)](std::uint64_t) { return give(); };
  }

  const ScratchDirectory directory_{ScratchDirectory::Place::kMemory};
  PowerDisk disk_;
  SqliteOptions options_;
  base::SeededRandom random_{7};
};

TEST_P(FullDisk, ACommitGoesThroughWhenItIsGivenRoom) {
  int asked = 0;
  give_by([&] { return ++asked > 0; });
  const auto store = open_sqlite_store(options_).value();
  disk_.fail_any(1, GetParam(), PowerDisk::Lasts::kOnce);
  Commit commit;
  commit.counters = {{"kept", 3}};
  bool durable = false;
  store->commit(commit, [&](const auto& done) { durable = done.has_value(); });
  EXPECT_TRUE(durable);
  EXPECT_EQ(asked, 1);
  const ScratchDirectory after(ScratchDirectory::Place::kMemory);
  for (const auto& [path, bytes] : disk_.cut(Unsynced::kLost, random_)) {
    write_file(after.path() / std::filesystem::path(path).filename(), bytes);
  }
  SqliteOptions options;
  options.path = after.file("data.db");
  EXPECT_EQ(open_sqlite_store(options).value()->counters().value(),
            (std::vector<std::pair<std::string, std::int64_t>>{{"kept", 3}}));
}

TEST_P(FullDisk, WithoutRoomOrWithTooLittleTheStoreEnds) {
  int asked = 0;
  bool gives = false;
  give_by([&] { return ++asked > 0 && gives; });
  for (gives = false;; gives = true) {
    const auto store = open_sqlite_store(options_).value();
    disk_.fail_any(1, GetParam(), PowerDisk::Lasts::kOn);
    store->commit({}, [&](const base::Result<std::uint64_t>& done) {
      ASSERT_FALSE(done);
      EXPECT_EQ(done.error().kind, base::Error::Kind::kFatal);
      EXPECT_EQ(done.error().hint, "free disk space, then start again");
    });
    EXPECT_FALSE(store->load({}));
    disk_.mend();
    if (gives) break;
  }
  EXPECT_EQ(asked, 2) << "a write is tried twice at most";
}

// Refuses one write, and by the time that the store hears of it somebody has given room.
class MendedMeanwhile final : public IoObserver {
 public:
  Verdict before(const IoCall& io) override {
    if (!is_full || io.kind != IoCall::Kind::kWrite) return Verdict::kPass;
    is_full = false;
    ++given;
    return Verdict::kDiskFull;
  }
  bool is_full = false;
  std::uint64_t given = 7;
};

TEST(RoomGiver, IsToldHowMuchWasGivenBeforeTheWriteThatFailed) {
  const ScratchDirectory directory(ScratchDirectory::Place::kMemory);
  MendedMeanwhile disk;
  SqliteOptions options;
  options.path = directory.file("data.db");
  options.observer = &disk;
  options.room.given = [&] { return disk.given; };
  options.room.give = [&](std::uint64_t seen) { return seen != disk.given; };
  const auto store = open_sqlite_store(options).value();
  disk.is_full = true;
  bool durable = false;
  store->commit({}, [&](const auto& done) { durable = done.has_value(); });
  EXPECT_FALSE(disk.is_full) << "a write was refused";
  EXPECT_TRUE(durable);
}

INSTANTIATE_TEST_SUITE_P(Writes, FullDisk,
                         ::testing::Values(IoObserver::Verdict::kDiskFull,
                                           IoObserver::Verdict::kShortWrite),
                         [](const auto& instance) {
                           return instance.param == IoObserver::Verdict::kDiskFull ? "Refused"
                                                                                   : "CutShort";
                         });

}  // namespace
}  // namespace sojourn::store
