// `sojourn fsck`, `backup`, `restore` and `release` as an operator types them, with real daemons
// that are killed in between.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

#include "runtime/store/sqlite_store.h"
#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

namespace files = std::filesystem;
using testing::HasSubstr;

class StoreOperationsTest : public WelcomeTest {
 protected:
  Finished operate(Words words) const {
    words.insert(words.end(), {"--project", project.folder().string()});
    return run_to_end(sojourn(words), project.folder() / "command");
  }
  files::path database() const { return project.folder() / "data" / "sojourn.db"; }
  std::string backup_folder() const { return (project.folder() / "backup").string(); }
  // The machine and its disk are gone.
  void lose_the_store() { files::remove_all(project.folder() / "data"); }
  static void sign_up(Daemon& daemon, const std::string& email, const std::string& id) {
    ASSERT_EQ(daemon.track(email, "signup", {{"plan", "pro"}}, id).status, 200);
    ASSERT_TRUE(daemon.settle());
  }
};

// How many ends of connections the kernel knows under the name of this socket: that of whoever
// listens, and those of connections that were made, be they accepted or not.
std::size_t ends_at(const files::path& socket) {
  std::ifstream table("/proc/net/unix");
  std::size_t count = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.ends_with(" " + socket.string())) ++count;
  }
  return count;
}

TEST_F(StoreOperationsTest, ADaemonThatDiesUnderABackupLeavesNothingInTheWayOfTheNext) {
  const files::path socket = project.folder() / "data" / "control.sock";
  {
    Daemon daemon(project, kStart);
    sign_up(daemon, "ada@example.com", "e-1");
    while (ends_at(socket) != 1) ASSERT_FALSE(daemon.process().ended_within(1));
    ASSERT_TRUE(daemon.process().freeze());
    Process backup(sojourn({"backup", backup_folder(), "--project", project.folder().string()}),
                   project.folder() / "command");
    while (ends_at(socket) == 1) ASSERT_FALSE(backup.ended_within(1)) << backup.err();
    EXPECT_TRUE(files::exists(backup_folder() + ".part"));
    daemon.kill9();
    EXPECT_EQ(backup.wait(), 2);
    EXPECT_THAT(backup.err(), HasSubstr("no daemon answers"));
  }
  EXPECT_FALSE(files::exists(backup_folder() + ".part"));
  Daemon daemon(project, kStart, "again");
  const Finished made = operate({"backup", backup_folder()});
  EXPECT_EQ(made.code, 0) << made.err;
}

TEST_F(StoreOperationsTest, WhatAnotherBackupIsWritingIsLeftAlone) {
  {
    Daemon daemon(project, kStart);
    sign_up(daemon, "ada@example.com", "e-1");
  }
  const files::path part = backup_folder() + ".part";
  files::create_directory(part);
  std::ofstream(part / "sojourn.db") << "half of it";
  const Finished refused = operate({"backup", backup_folder()});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("a backup is being made there"));
  EXPECT_EQ(read_file(part / "sojourn.db"), "half of it");
}

// Rows that a daemon takes with it and does not look at, of so many bytes together.
void fatten(const files::path& database, std::size_t bytes) {
  constexpr std::size_t kRow = std::size_t{8} << 20;
  store::SqliteOptions options;
  options.path = database.string();
  const auto store = store::open_sqlite_store(options).value();
  store::Commit commit;
  for (std::size_t i = 0; i * kRow < bytes; ++i) {
    commit.put_rows.push_back({{{1, i}, store::RowKind::kEvent, 0}, std::string(kRow, 'x')});
  }
  store->commit(commit, [](const auto& done) { ASSERT_TRUE(done) << done.error().message; });
}

// A copy that takes a while, when less than half of it is there. Frozen, daemon and all.
bool freeze_amid(const Daemon& daemon, const Process& backup, const files::path& copy,
                 std::size_t whole) {
  std::error_code not_yet;
  while (!files::exists(copy, not_yet)) {
    if (backup.ended_within(1)) return false;
  }
  return daemon.process().freeze() && files::file_size(copy, not_yet) < whole / 2;
}

TEST_F(StoreOperationsTest, ADaemonThatStopsGivesABackupUpInsteadOfFinishingIt) {
  constexpr std::size_t kBytes = std::size_t{128} << 20;
  {
    Daemon daemon(project, kStart);
    sign_up(daemon, "ada@example.com", "e-1");
    daemon.stop();
  }
  fatten(database(), kBytes);
  Daemon daemon(project, kStart, "large");
  Process backup(sojourn({"backup", backup_folder(), "--project", project.folder().string()}),
                 project.folder() / "command");
  const files::path part = backup_folder() + ".part";
  ASSERT_TRUE(freeze_amid(daemon, backup, part / "sojourn.db", kBytes)) << backup.err();
  daemon.process().signal(SIGTERM);
  daemon.process().signal(SIGCONT);
  EXPECT_EQ(daemon.process().wait(), 0);
  EXPECT_EQ(backup.wait(), 2);
  EXPECT_THAT(backup.err(), HasSubstr("the daemon stops"));
  EXPECT_FALSE(files::exists(part));
  EXPECT_THAT(log_lines(daemon.process().err(), "stopped_with_attempts_under_way"),
              testing::IsEmpty());
}

TEST_F(StoreOperationsTest, ARestoredStoreSendsNothingUntilItIsReleased) {
  {
    Daemon daemon(project, kStart);
    sign_up(daemon, "ada@example.com", "e-1");
    const Finished made = operate({"backup", backup_folder()});
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_THAT(made.out, HasSubstr("checked"));
    EXPECT_EQ(files::status(backup_folder()).permissions(), files::perms::owner_all);
    sign_up(daemon, "bob@example.com", "e-2");
    ASSERT_EQ(sandbox.messages().size(), 2U);
    daemon.kill9();
  }
  lose_the_store();
  const Finished restored = operate({"restore", backup_folder()});
  ASSERT_EQ(restored.code, 0) << restored.err;
  EXPECT_EQ(operate({"fsck"}).code, 0);
  {
    // Ada's second message fell due while nobody was there; the senders repeat Bob, and Carl is
    // new.
    Daemon daemon(project, kBranch, "held");
    ASSERT_TRUE(daemon.settle());
    EXPECT_EQ(log_lines(daemon.process().err(), "held").size(), 1U);
    sign_up(daemon, "bob@example.com", "e-2");
    sign_up(daemon, "carl@example.com", "e-3");
    EXPECT_EQ(sandbox.messages().size(), 2U);
    EXPECT_TRUE(daemon.status().at("held").is_object());
    EXPECT_THAT(operate({"status"}).out, HasSubstr("held"));
    EXPECT_THAT(operate({"release"}).out, HasSubstr("nothing was done"));
    // What was taken in while it was held outlives the process; and so does that it is held.
    daemon.kill9();
  }
  Daemon daemon(project, kBranch, "released");
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(sandbox.messages().size(), 2U);
  EXPECT_EQ(operate({"release", "--timers", "--yes"}).code, 0);
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(sandbox.messages().size(), 2U);
  EXPECT_EQ(daemon.status().at("held").at("timers_run"), true);
  EXPECT_EQ(operate({"release", "--yes", "--by", "grace"}).code, 0);
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(sandbox.messages().size(), 5U) << "Ada's second; the first of Bob, again, and of Carl";
  EXPECT_TRUE(daemon.status().at("held").is_null());
  EXPECT_THAT(operate({"log"}).out, HasSubstr("grace  release"));
  EXPECT_THAT(operate({"release", "--yes"}).out, HasSubstr("not held"));
  daemon.stop();
  EXPECT_EQ(operate({"fsck"}).code, 0);
  Daemon again(project, kBranch, "again");
  ASSERT_TRUE(again.settle());
  EXPECT_TRUE(again.status().at("held").is_null());
}

TEST_F(StoreOperationsTest, WhatWaitsInAHeldStoreCanBeDroppedBeforeItIsReleased) {
  {
    Daemon daemon(project, kStart);
    sign_up(daemon, "ada@example.com", "e-1");
    ASSERT_EQ(operate({"backup", backup_folder()}).code, 0);
    daemon.kill9();
  }
  lose_the_store();
  ASSERT_EQ(operate({"restore", backup_folder()}).code, 0);
  Daemon daemon(project, kBranch, "held");
  ASSERT_TRUE(daemon.settle());
  ASSERT_EQ(operate({"release", "--timers", "--yes"}).code, 0);
  ASSERT_TRUE(daemon.settle());
  const Finished dropped = operate({"deliveries", "drop", "--state", "waiting", "--yes"});
  EXPECT_EQ(dropped.code, 0) << dropped.err;
  EXPECT_EQ(operate({"release", "--yes"}).code, 0);
  ASSERT_TRUE(daemon.settle());
  EXPECT_EQ(sandbox.messages().size(), 1U) << "the one from before the backup";
}

TEST_F(StoreOperationsTest, FsckSaysWhetherItCouldRunAndWhatItFound) {
  {
    Daemon daemon(project, kStart);
    sign_up(daemon, "ada@example.com", "e-1");
    const Finished busy = operate({"fsck"});
    EXPECT_EQ(busy.code, 2);
    EXPECT_THAT(busy.err, HasSubstr("in use by another process"));
    daemon.kill9();
  }
  const Finished sound = operate({"fsck"});
  EXPECT_EQ(sound.code, 0) << sound.out;
  EXPECT_THAT(sound.out, HasSubstr("sound"));
  EXPECT_EQ(Json::parse(operate({"fsck", "--json"}).out).at("users"), 1);
  EXPECT_EQ(Daemon(project, kStart, "again").stop(), 0);
  {
    // Half of the database, so that some of what people have is in it.
    std::fstream file(database(), std::ios::in | std::ios::out | std::ios::binary);
    const auto half = files::file_size(database()) / 2 / 2'048 * 2'048;
    file.seekp(static_cast<std::streamoff>(half));
    file << std::string(half, '\xff');
  }
  const Finished damaged = operate({"fsck", "--json"});
  EXPECT_EQ(damaged.code, 1) << damaged.out << damaged.err;
  EXPECT_EQ(Json::parse(damaged.out).at("clean"), false);
}

TEST_F(StoreOperationsTest, NothingIsOverwrittenAndAChangedBackupIsRefused) {
  EXPECT_EQ(operate({"backup", backup_folder()}).code, 2) << "there is no store yet";
  {
    Daemon daemon(project, kStart);
    sign_up(daemon, "ada@example.com", "e-1");
    daemon.stop();
  }
  ASSERT_EQ(operate({"backup", backup_folder() + "/"}).code, 0) << "without a daemon";
  const Finished again = operate({"backup", backup_folder()});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("there already"));
  const Finished over = operate({"restore", backup_folder()});
  EXPECT_EQ(over.code, 2);
  EXPECT_THAT(over.err, HasSubstr("there already"));
  lose_the_store();
  {
    std::fstream file(files::path(backup_folder()) / "sojourn.db",
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(5'000);
    file << "x";
  }
  const Finished changed = operate({"restore", backup_folder()});
  EXPECT_EQ(changed.code, 1);
  EXPECT_THAT(changed.err, HasSubstr("checksum"));
  EXPECT_FALSE(files::exists(database()));
}

}  // namespace
}  // namespace sojourn::e2e
