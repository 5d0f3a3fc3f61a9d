#include "runtime/store/sqlite_store.h"

#include <fstream>
#include <gmock/gmock.h>
#include <sqlite3.h>

#include "runtime/store/vfs.h"
#include "tests/unit/runtime/store/older_schemas.h"
#include "tests/unit/runtime/store/scratch_directory.h"
#include "tests/unit/runtime/store/store_conformance.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SOJOURN_SANITIZED 1
#endif
#endif

namespace sojourn::store {
namespace {

using ::testing::HasSubstr;

class SqliteDisk {
 public:
  std::unique_ptr<Store> open() {
    SqliteOptions options;
    options.path = directory_.file("data.db");
    // Small, so that the log is copied and begins again within the suite.
    options.log_limit_bytes = 200'000;
    // Small, so that the soonest planned deliveries are read back again and again.
    options.planned_in_memory = 3;
    return open_sqlite_store(options).value();
  }

 private:
  ScratchDirectory directory_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, StoreConformance, SqliteDisk);

class SqliteStoreTest : public ::testing::Test {
 protected:
  SqliteStoreTest() { options_.path = directory_.file("data.db"); }

  std::unique_ptr<Store> open() { return open_sqlite_store(options_).value(); }
  base::Error error_of_opening() {
    auto store = open_sqlite_store(options_);
    EXPECT_FALSE(store);
    return store ? base::Error{} : store.error();
  }
  void sql(const char* text) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(options_.path.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, text, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    sqlite3_close(db);
  }
  std::int64_t ask(const char* text) {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_open(options_.path.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_prepare_v2(db, text, -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const std::int64_t answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
  }

  ScratchDirectory directory_;
  SqliteOptions options_;
};

void must_commit(Store& store, const Commit& commit) {
  store.commit(commit, [](const auto& done) { ASSERT_TRUE(done) << done.error().message; });
}

TEST_F(SqliteStoreTest, SaysThatTheDirectoryIsMissing) {
  options_.path = directory_.file("nowhere/data.db");
  const base::Error error = error_of_opening();
  EXPECT_EQ(error.kind, base::Error::Kind::kInvalid);
  EXPECT_EQ(error.message, "store `" + options_.path +
                               "`: cannot open it: unable to open database file (SQLite code 14)");
  EXPECT_EQ(error.hint,
            "the directory must exist and be writable, with an inode to spare (`df -i`)");
}

// A start looks for claims among all that waits, and goes through all heads to erase again.
TEST_F(SqliteStoreTest, WhatTakesLongTellsThatItGoesOnByTheWorkItDoes) {
  int told = 0;
  options_.goes_on = [&] { ++told; };
  const auto store = open();
  EXPECT_TRUE(store->claimed_deliveries({}, 9).value().empty());
  EXPECT_EQ(told, 0) << "nothing is long here";
  constexpr std::uint64_t kMany = 30'000;
  Commit commit;
  for (std::uint64_t i = 1; i <= kMany; ++i) {
    commit.put_deliveries.push_back({{{1, i}, {i, i}}, base::Instant{9}, "planned", 2, {}});
    commit.put_rows.push_back({{{1, i}, RowKind::kHead, 0}, "head"});
  }
  must_commit(*store, commit);
  told = 0;
  EXPECT_TRUE(store->claimed_deliveries({}, 9).value().empty());
  EXPECT_GE(told, 2) << "one question about " << kMany << " deliveries";
  told = 0;
  EXPECT_EQ(store->heads({}, kMany).value().size(), kMany);
  EXPECT_GE(told, 2);
  told = 0;
  EXPECT_TRUE(store->next_timer().has_value());
  EXPECT_EQ(told, 0) << "time alone says nothing";
}

TEST_F(SqliteStoreTest, SaysThatAnotherStoreHasTheFileOpen) {
  const auto first = open();
  const base::Error error = error_of_opening();
  EXPECT_EQ(error.kind, base::Error::Kind::kUnavailable);
  EXPECT_EQ(error.message, "store `" + options_.path + "` is in use by another process");
}

TEST_F(SqliteStoreTest, RefusesANewerSchemaAndLeavesTheFileAsItIs) {
  open().reset();
  sql("PRAGMA user_version=5");
  const std::string before = file_bytes(options_.path);
  const base::Error error = error_of_opening();
  EXPECT_EQ(error.kind, base::Error::Kind::kInvalid);
  EXPECT_EQ(error.message, "store `" + options_.path +
                               "` has schema version 5, and this program knows versions up to 4");
  EXPECT_TRUE(file_bytes(options_.path) == before);
  EXPECT_FALSE(std::filesystem::exists(options_.path + "-wal"));
}

TEST_F(SqliteStoreTest, RefusesANewerSchemaWhoseLogIsNotYetCopied) {
  open().reset();
  // As a newer program would leave it if killed.
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(options_.path.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "PRAGMA user_version=5", nullptr, nullptr, nullptr), SQLITE_OK);
  const std::string database = file_bytes(options_.path);
  const std::string log = file_bytes(options_.path + "-wal");
  sqlite3_close(db);
  write_file(options_.path, database);
  write_file(options_.path + "-wal", log);
  ASSERT_FALSE(log.empty());
  EXPECT_THAT(error_of_opening().message, HasSubstr("has schema version 5"));
  EXPECT_TRUE(file_bytes(options_.path) == database);
  EXPECT_TRUE(file_bytes(options_.path + "-wal") == log);
}

class OlderSchemas : public SqliteStoreTest {
 protected:
  // Two people in different shards, the one in the later shard due first.
  void fill() {
    const auto store = open();
    Commit turn;
    turn.put_rows = {{{{3, 1}, RowKind::kHead, 0}, "ada"}};
    turn.put_timers = {{{3, 1}, base::Instant{2'000}, 1}, {{900, 2}, base::Instant{1'000}, 1}};
    turn.put_deliveries = {{{{3, 1}, {1, 1}}, base::Instant{2'000}, "second"},
                           {{{900, 2}, {2, 2}}, base::Instant{1'000}, "first"}};
    store->commit(turn, [](const auto& done) { ASSERT_TRUE(done); });
  }

  static void expect_filled(Store& store) {
    EXPECT_EQ(store.heads({}, 9).value().at(0).body, "ada");
    const std::vector<TimerKey> due = {{{900, 2}, base::Instant{1'000}, 1},
                                       {{3, 1}, base::Instant{2'000}, 1}};
    EXPECT_EQ(store.due_timers(base::Instant{9'000}, 9).value(), due);
    EXPECT_EQ(store.next_timer().value(), base::Instant{1'000});
    const auto planned = store.due_deliveries(0, base::Instant{9'000}, 9).value();
    ASSERT_EQ(planned.size(), 2U);
    EXPECT_EQ(planned[0].body, "first");
    EXPECT_EQ(planned[1].body, "second");
  }
};

TEST_F(OlderSchemas, TheThirdIsTakenOver) {
  fill();
  sql(kOneQueue);
  expect_filled(*open());
  const auto store = open();
  Commit turn;
  turn.put_deliveries = {{{{3, 1}, {1, 1}}, base::Instant{2'000}, "second", 7, base::Instant{5}}};
  store->commit(turn, [](const auto& done) { ASSERT_TRUE(done); });
  EXPECT_EQ(store->due_deliveries(7, base::Instant{9'000}, 9).value().at(0).body, "second");
  EXPECT_EQ(store->next_deadline().value(), base::Instant{5});
}

TEST_F(OlderSchemas, TheSecondIsTakenOver) {
  fill();
  sql(kOneQueue);
  sql(kDueByShard);
  expect_filled(*open());
  expect_filled(*open());
}

TEST_F(OlderSchemas, TheFirstIsTakenOver) {
  fill();
  sql(kOneQueue);
  sql(kDueByShard);
  sql(kNoFanOuts);
  const auto store = open();
  expect_filled(*store);
  Commit turn;
  turn.put_field_values = {{1, {1, 2}, {3, 1}}};
  turn.put_fan_outs = {{{1, 0}, "event"}};
  store->commit(turn, [](const auto& done) { ASSERT_TRUE(done); });
  EXPECT_EQ(store->users_with(1, {1, 2}, 9).value(), (std::vector<UserId>{{3, 1}}));
  EXPECT_EQ(store->fan_outs({}, 9).value().at(0).body, "event");
}

TEST_F(SqliteStoreTest, RefusesAFileOfAnotherProgram) {
  sql("CREATE TABLE song (title TEXT)");
  const std::string before = file_bytes(options_.path);
  const base::Error error = error_of_opening();
  EXPECT_EQ(error.message, "`" + options_.path + "` is not a Sojourn store");
  EXPECT_TRUE(file_bytes(options_.path) == before);
}

TEST_F(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  write_file(options_.path, std::string(5000, 'x'));
  const base::Error error = error_of_opening();
  EXPECT_EQ(error.kind, base::Error::Kind::kInvalid);
  EXPECT_EQ(error.message, "`" + options_.path + "` is not a Sojourn store");
  EXPECT_TRUE(file_bytes(options_.path) == std::string(5000, 'x'));
}

TEST_F(SqliteStoreTest, MakesTheTablesInAnEmptyFile) {
  write_file(options_.path, "");
  must_commit(*open(), {});
  EXPECT_EQ(open()->sequence(), 1);
}

TEST_F(SqliteStoreTest, ReportsADamagedFileAndRefusesToGoOn) {
  {
    Commit turn;
    for (std::uint64_t i = 1; i < 2000; ++i) {
      turn.put_rows.push_back({{{1, i}, RowKind::kHead, 0}, std::string(50, 'x')});
    }
    must_commit(*open(), turn);
  }
  std::fstream file(options_.path, std::ios::in | std::ios::out | std::ios::binary);
  for (std::streamoff page = 30; page < 80; ++page) {
    file.seekp(page * options_.page_bytes);
    file << std::string(64, '\xEE');
  }
  file.close();
  const auto store = open();
  base::Result<Loaded> loaded;
  for (std::uint64_t i = 1; i < 2000 && loaded; ++i) loaded = store->load({{}, {}, {{1, i}}});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().kind, base::Error::Kind::kFatal);
  EXPECT_THAT(loaded.error().hint, HasSubstr("backup"));
  EXPECT_FALSE(store->counters());
}

TEST_F(SqliteStoreTest, KeepsTheLogShort) {
  options_.log_limit_bytes = 300'000;
  const auto store = open();
  std::uintmax_t longest = 0;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    Commit turn;
    for (std::uint16_t shard = 0; shard < 40; ++shard) {
      turn.put_rows.push_back({{{shard, i}, RowKind::kHead, 0}, std::string(100, 'x')});
    }
    must_commit(*store, turn);
    longest = std::max(longest, std::filesystem::file_size(options_.path + "-wal"));
  }
  EXPECT_GT(longest, 200'000);
  EXPECT_LT(longest, 600'000) << "the limit and one commit";
}

TEST_F(SqliteStoreTest, CutsTheLogAfterAHugeCommit) {
  options_.log_limit_bytes = 300'000;
  const auto store = open();
  Commit huge;
  huge.put_rows = {{{{1, 1}, RowKind::kHead, 0}, std::string(3'000'000, 'x')}};
  must_commit(*store, huge);
  EXPECT_LT(std::filesystem::file_size(options_.path + "-wal"), 300'000);
  EXPECT_EQ(store->load({{}, {}, {{1, 1}}}).value().users[0][0].body.size(), 3'000'000);
}

TEST_F(SqliteStoreTest, LeavesOneFileAfterACleanClose) {
  must_commit(*open(), {});
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
    names.push_back(entry.path().filename());
  }
  EXPECT_EQ(names, std::vector<std::string>{"data.db"});
}

#ifdef SOJOURN_SANITIZED
constexpr std::int64_t kMostGrowthKib = 300'000;  // sanitizers keep freed memory for a while
#else
constexpr std::int64_t kMostGrowthKib = 6'000;
#endif

std::int64_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoll(line.substr(6));
  }
  return 0;
}

// A person who waits, with bodies of the sizes that the runtime writes.
void add_waiting(Commit& turn, Store& store, int person, base::Random& random) {
  const Identity email{Identity::Kind::kEmail,
                       "customer" + std::to_string(person) + "@example.com"};
  const Identity user_id{Identity::Kind::kUserId, "customer-" + std::to_string(person)};
  const UserId user = store.new_user(user_id.shard()).value();
  turn.put_identities.emplace_back(email, user);
  turn.put_identities.emplace_back(user_id, user);
  turn.put_rows.push_back({{user, RowKind::kHead, 0}, std::string(70, 'h')});
  turn.put_rows.push_back({{user, RowKind::kEnrollment, 1}, std::string(90, 'e')});
  turn.put_timers.push_back(
      {user,
       base::Instant{1'800'000'000'000 + static_cast<std::int64_t>(random.next() % 86'400'000)},
       1});
}

TEST_F(SqliteStoreTest, ManyWaitingPeopleCostLittleDiskAndNoMemory) {
  constexpr int kPeople = 100'000;
  options_.cache_bytes = 4 << 20;
  std::int64_t growth_kib = 0;
  {
    const auto store = open();
    base::SeededRandom random(1);
    std::int64_t early_kib = 0;
    for (int person = 0; person < kPeople;) {
      Commit turn;
      for (int i = 0; i < 2500; ++i) add_waiting(turn, *store, person++, random);
      must_commit(*store, turn);
      if (person == kPeople / 4) early_kib = resident_kib();
    }
    growth_kib = resident_kib() - early_kib;
    EXPECT_EQ(store->due_timers(base::kNever, 10).value().size(), 10);
  }
  EXPECT_LT(growth_kib, kMostGrowthKib) << "75,000 people more";
  const std::int64_t bytes =
      ask("SELECT sum(pgsize) FROM dbstat WHERE name IN ('identity', 'user_row', 'timer')");
  RecordProperty("bytes_per_person", std::to_string(bytes / kPeople));
  EXPECT_LT(bytes, 400 * kPeople);
}

class CountIo final : public IoObserver {
 public:
  void after(const IoCall& io) override {
    if (io.kind == IoCall::Kind::kSync) {
      ++syncs;
    } else if (io.kind == IoCall::Kind::kWrite) {
      ++writes;
    }
  }
  int syncs = 0;
  int writes = 0;
};

TEST_F(SqliteStoreTest, ACommitIsOneSyncOfTheLogBeforeItsCompletion) {
  CountIo io;
  options_.observer = &io;
  const auto store = open();
  must_commit(*store, {});
  for (int i = 0; i < 5; ++i) {
    Commit turn;
    for (std::uint16_t shard = 0; shard < 50; ++shard) {
      turn.put_rows.push_back({{{shard, 1}, RowKind::kHead, 0}, "x"});
    }
    io.syncs = 0;
    io.writes = 0;
    int syncs_when_done = 0;
    store->commit(turn, [&](const auto&) { syncs_when_done = io.syncs; });
    EXPECT_EQ(syncs_when_done, 1);
    EXPECT_EQ(io.syncs, 1);
    EXPECT_LE(io.writes, 2) << "the small writes of a commit are joined";
  }
}

}  // namespace
}  // namespace sojourn::store
