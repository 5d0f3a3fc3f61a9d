// A fault of every kind that the check knows is planted in a sound file, one by one; each has to be
// found. That sound files are found sound, every other test of a shard shows (shard_world.h).
#include "runtime/fsck.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "runtime/delivery_record.h"
#include "runtime/fan_out_record.h"
#include "runtime/operation_record.h"
#include "runtime/store/sqlite.h"
#include "runtime/store/sqlite_store.h"
#include "runtime/store/survey.h"
#include "runtime/store/vfs.h"
#include "tests/unit/runtime/erasure_fixture.h"

namespace sojourn::runtime {
namespace {

namespace files = std::filesystem;

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Fsck : public ErasureFixture {
 protected:
  Fsck() : folder_(files::path(world.file()).parent_path() / "copies") {
    files::create_directory(folder_);
  }

  // Ada waits for a time, Bob for an outcome; Dan's timer is held back; Cleo is forgotten.
  void live() {
    sign_up();
    world.accept(world.take());
    EXPECT_EQ(world.update(R"({"email":"dan@example.com","dataFields":{"team":"b"}})"),
              "200 Success");
    EXPECT_EQ(world.track(R"({"email":"dan@example.com","eventName":"signup"})"), "200 Success");
    world.accept(world.take());
    world.freeze("waits");
    world.pass(base::days24(4));
    EXPECT_EQ(world.track(R"({"email":"bob@example.com","eventName":"asked"})"), "200 Success");
    EXPECT_EQ(world.track(R"({"email":"cleo@example.com","eventName":"login"})"), "200 Success");
    EXPECT_EQ(forget(R"({"email":"cleo@example.com"})"), "200 Success");
    EXPECT_EQ(world.update(R"({"email":"eve@example.com","dataFields":
                               {"endsAt":"2027-04-01T09:00:00Z"}})"),
              "200 Success");
  }

  // A copy of the closed file, with its faults.
  std::string copy_with(const std::string& name, const std::string& sql) {
    const std::string copy = (folder_ / name).string();
    files::copy_file(world.file(), copy, files::copy_options::overwrite_existing);
    store::Vfs vfs(nullptr);
    auto connection = store::Connection::open(copy, vfs.name());
    (*connection)->execute("PRAGMA locking_mode=EXCLUSIVE");
    (*connection)->execute(sql.c_str());
    const auto done = (*connection)->status();
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return copy;
  }
  static FsckReport look(const std::string& path) {
    const auto survey = store::Survey::open(path);
    EXPECT_TRUE(survey) << (survey ? "" : survey.error().message);
    return survey ? check_store(**survey) : FsckReport{};
  }
  static std::set<std::string> kinds_in(const std::string& path) {
    std::set<std::string> kinds;
    for (const FsckFinding& finding : look(path).findings) kinds.insert(finding.kind);
    return kinds;
  }

  const files::path folder_;
};

std::string put_identity(const store::Identity& name, const std::string& user) {
  return fmt::format("INSERT INTO identity SELECT {}, {}, '{}', {}", name.shard(),
                     static_cast<int>(name.kind), name.value, user);
}

TEST_F(Fsck, EveryKindOfFaultIsFound) {
  live();
  world.close();
  const std::string somebody =
      "shard, user_number FROM user_row WHERE kind = 0 AND shard > 0 LIMIT 1";
  const std::string lone_part =
      fmt::format("INSERT INTO fan_out VALUES (1, 1, x'{:02x}00')", encode_users({})[0]);
  // By the kind that it has to be found as; whatever else is wrong then may be told, too.
  const std::multimap<std::string, std::string> plants = {
      {"unreadable", "UPDATE user_row SET body = x'ff00' WHERE kind = 0"},
      {"unreadable", "UPDATE user_row SET body = x'ff00' WHERE kind = 1"},
      {"unreadable", "UPDATE user_row SET body = x'ff00' WHERE kind = 11"},
      {"unreadable", "UPDATE user_row SET body = x'ff00' WHERE kind = 8"},
      {"unreadable", "UPDATE delivery SET body = x'ff00'"},
      {"unreadable", "UPDATE graph SET bytes = x'ff00'"},
      {"misplaced", "UPDATE identity SET shard = (shard + 1) % 1024 WHERE kind = 1"},
      {"misplaced",
       "INSERT INTO user_row SELECT shard, user_number, 14, 1, body FROM user_row"
       " WHERE kind = 0 AND shard > 0 LIMIT 1"},
      {"misplaced", "UPDATE field_value SET shard = (shard + 1) % 1024"},
      {"nobodys", "DELETE FROM user_row WHERE kind = 0"},
      {"nobodys", "DELETE FROM user_row WHERE kind = 7 AND shard > 0"},
      {"number", "UPDATE shard_head SET next_user = 1"},
      {"number", "UPDATE commit_sequence SET sequence = 1"},
      {"number", "DELETE FROM step_number"},
      {"version", "DELETE FROM graph"},
      {"stranded", "DELETE FROM delivery"},
      {"twice",
       "INSERT INTO user_row SELECT shard, user_number, 5, number, body FROM user_row"
       " WHERE kind = 1"},
      {"twice", "UPDATE step_number SET number = 1"},
      {"timer", "DELETE FROM timer"},
      {"timer", "UPDATE timer SET due = due + 1"},
      {"held_back", "DELETE FROM user_row WHERE kind = 13"},
      {"held_back", "UPDATE delivery SET next_attempt = 253402300799999, lane = 0"},
      {"identity", "DELETE FROM identity WHERE kind = 1"},
      {"forgotten", put_identity({store::Identity::Kind::kEmail, "cleo@example.com"}, somebody)},
      {"forgotten", "DELETE FROM setting WHERE name = 'forgotten_names_key'"},
      {"field_index", "DELETE FROM field_value"},
      {"field_index", "UPDATE field_value SET field = field + 1"},
      {"fan_out", lone_part},
      {"seen", "DELETE FROM seen_day"},
      {"counter", "UPDATE counter SET value = value + 1 WHERE name LIKE 'inside/%'"},
      {"counter", "UPDATE counter SET value = value + 1 WHERE name LIKE 'entered/%'"},
      {"counter", "UPDATE counter SET value = value + 1 WHERE name LIKE 'planned/%'"},
      {"counter", "DELETE FROM counter WHERE name = 'forgotten_names'"},
  };
  ASSERT_TRUE(look(world.file()).is_clean());
  std::set<std::string> planted{"damaged"};  // DamagedPagesAreFound
  for (const auto& [kind, sql] : plants) {
    EXPECT_TRUE(kinds_in(copy_with("planted.db", sql)).contains(kind)) << kind << ": " << sql;
    planted.insert(kind);
  }
  for (const FsckKind& kind : fsck_kinds()) EXPECT_TRUE(planted.contains(kind.kind)) << kind.kind;
}

// They leave one after another: one of them has to be on its way.
TEST_F(Fsck, ForwardsThatAllWaitForAnotherAreEachFound) {
  live();
  store::Commit commit;
  DeliveryRecord record;
  record.kind = DeliveryRecord::Kind::kForward;
  record.subject = "/api/events/track";
  const store::UserId user = id_of();
  for (std::uint32_t place = 0; place < 3; ++place) {
    record.place = place;
    commit.put_deliveries.push_back({{user, {place, 9}}, kHeldBack, encode(record), 1, {}});
  }
  const auto must_commit = [&] {
    world.store().commit(commit, [](const auto& done) { ASSERT_TRUE(done); });
  };
  const auto stranded = [&](const char* name) {
    const std::string copy = (folder_ / name).string();
    for (const char* part : {"", "-wal"}) files::copy_file(world.file() + part, copy + part);
    return std::ranges::count(look(copy).findings, "stranded", &FsckFinding::kind);
  };
  must_commit();
  EXPECT_EQ(stranded("all_wait.db"), 3);
  commit.put_deliveries.back().next_attempt = world.now();
  must_commit();
  EXPECT_EQ(stranded("one_leaves.db"), 0);
  world.close();
}

TEST_F(Fsck, DamagedPagesAreFound) {
  live();
  world.close();
  const std::string copy = copy_with("damaged.db", "SELECT 1");
  std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(files::file_size(copy) - 2'048));
  file << std::string(2'048, '\xff');
  file.close();
  EXPECT_TRUE(kinds_in(copy).contains("damaged"));
}

// What a killed process leaves: a log that is not copied into the database yet.
TEST_F(Fsck, ReadsTheLogOfAKilledProcessAndChangesNoByte) {
  live();
  const std::string copy = (folder_ / "killed.db").string();
  for (const char* part : {"", "-wal"}) files::copy_file(world.file() + part, copy + part);
  const std::string database = bytes_of(copy);
  const std::string log = bytes_of(copy + "-wal");
  ASSERT_FALSE(log.empty());
  const FsckReport report = look(copy);
  EXPECT_TRUE(report.is_clean());
  EXPECT_GT(report.users, 3U) << "all that is known stands in the log";
  EXPECT_EQ(report.sequence, world.store().sequence());
  EXPECT_EQ(bytes_of(copy), database);
  EXPECT_EQ(bytes_of(copy + "-wal"), log);
}

TEST_F(Fsck, AClosedFileStaysAsItIsAndGetsNoLog) {
  live();
  world.close();
  const std::string before = bytes_of(world.file());
  EXPECT_TRUE(look(world.file()).is_clean());
  EXPECT_EQ(bytes_of(world.file()), before);
  EXPECT_FALSE(files::exists(world.file() + "-wal"));
}

TEST_F(Fsck, WhatIsNoStoreOfOursCannotBeLookedAt) {
  using Kind = base::Error::Kind;
  const auto error = [](const std::string& path) { return store::Survey::open(path).error(); };
  EXPECT_EQ(error((folder_ / "nothing.db").string()).kind, Kind::kNotFound);
  EXPECT_FALSE(files::exists(folder_ / "nothing.db"));
  EXPECT_EQ(error(world.file()).kind, Kind::kUnavailable) << "the shard has it open";
  live();
  world.close();
  EXPECT_EQ(error(copy_with("newer.db", "PRAGMA user_version=99")).kind, Kind::kInvalid);
  EXPECT_EQ(error(copy_with("older.db", "PRAGMA user_version=3")).kind, Kind::kInvalid);
  EXPECT_EQ(error(copy_with("other.db", "PRAGMA application_id=7")).kind, Kind::kInvalid);
}

}  // namespace
}  // namespace sojourn::runtime
