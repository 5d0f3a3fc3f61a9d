// The daemon under a service manager, which the test plays with a socket of its own: when it is
// said to be ready and alive, and that nobody says so for a thread that stands.

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/welcome_fixture.h"

namespace sojourn::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int kWatchdogMillis = 4'000;
constexpr int kMostMillis = 60'000;  // a bound, not a wait

// The socket that NOTIFY_SOCKET names, while this lives.
class Manager {
 public:
  explicit Manager(const std::string& address)
      : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, address.data(), address.size());
    if (address.front() == '@') at.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&at), size), 0) << std::strerror(errno);
    setenv("NOTIFY_SOCKET", address.c_str(), 1);
    setenv("WATCHDOG_USEC", std::to_string(kWatchdogMillis * 1000).c_str(), 1);
  }
  ~Manager() {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    close(fd_);
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // The next that is said; empty when nothing is within that time.
  std::string next(int timeout_ms = kMostMillis) const {
    pollfd waited{fd_, POLLIN, 0};
    if (poll(&waited, 1, timeout_ms) != 1) return "";
    char buffer[4096];
    const ssize_t size = recv(fd_, buffer, sizeof buffer, 0);
    return size < 0 ? "" : std::string(buffer, static_cast<std::size_t>(size));
  }
  // Everything up to the first that begins so, which is the last; all that came when none does.
  std::vector<std::string> until(const std::string& begin) const {
    std::vector<std::string> said;
    do said.push_back(next());
    while (!said.back().empty() && !said.back().starts_with(begin));
    return said;
  }
  void drop_what_was_said() const {
    while (!next(0).empty()) {
    }
  }

 private:
  int fd_;
};

// One thread of a process, held as a debugger holds it: it stands still, the others go on.
class HeldThread {
 public:
  explicit HeldThread(int thread) : thread_(thread) {
    if (ptrace(PTRACE_SEIZE, thread_, nullptr, nullptr) != 0) return;
    held_ = ptrace(PTRACE_INTERRUPT, thread_, nullptr, nullptr) == 0 &&
            waitpid(thread_, nullptr, __WALL) == thread_;
  }
  ~HeldThread() { let_go(); }
  HeldThread(const HeldThread&) = delete;
  HeldThread& operator=(const HeldThread&) = delete;

  bool held() const { return held_; }
  void let_go() {
    if (held_) ptrace(PTRACE_DETACH, thread_, nullptr, nullptr);
    held_ = false;
  }

 private:
  const int thread_;
  bool held_ = false;
};

// Its id; 0 when the process has no thread of that name.
int thread_of(int process, const std::string& name) {
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
    if (read_file(task.path() / "comm") == name + "\n") return std::stoi(task.path().filename());
  }
  return 0;
}

class SupervisionTest : public WelcomeTest {
 protected:
  const std::string address = (project.folder() / "notify").string();
};

TEST_F(SupervisionTest, ItIsReadyWhenSendersCanComeAndSaysThatItStops) {
  const Manager manager(address);
  Daemon daemon(project, "");
  ASSERT_NE(daemon.port(), 0) << daemon.process().err();
  EXPECT_EQ(manager.next(), "STATUS=starting: opening the store\nEXTEND_TIMEOUT_USEC=600000000");
  EXPECT_THAT(manager.next(), StartsWith("STATUS=starting: applying the journeys\n"));
  EXPECT_THAT(manager.next(), StartsWith("STATUS=starting: taking up what was under way\n"));
  EXPECT_EQ(manager.next(), "READY=1\nSTATUS=running");
  EXPECT_EQ(daemon.track("ada@example.com", "signup", {{"plan", "pro"}}, "e-1").status, 200);
  EXPECT_EQ(daemon.stop(), 0);
  EXPECT_THAT(manager.until("STOPPING=1").back(), StartsWith("STOPPING=1\nSTATUS=stopping"));
}

TEST_F(SupervisionTest, AtAnAbstractAddressADaemonThatRestsGivesLifeSigns) {
  const Manager manager("@sojourn-supervision-" + std::to_string(getpid()));
  Daemon daemon(project, "");
  EXPECT_EQ(manager.until("READY=1").back(), "READY=1\nSTATUS=running");
  for (int sign = 0; sign < 3; ++sign) EXPECT_EQ(manager.until("WATCHDOG=1").back(), "WATCHDOG=1");
}

TEST_F(SupervisionTest, AShardThatStandsGivesNoLifeSignThoughTheLoopAnswers) {
  const Manager manager(address);
  Daemon daemon(project, "");
  EXPECT_EQ(manager.until("WATCHDOG=1").back(), "WATCHDOG=1");
  const int shard = thread_of(daemon.process().pid(), "shard");
  ASSERT_NE(shard, 0);
  HeldThread held(shard);
  if (!held.held()) GTEST_SKIP() << "not run: this machine lets no test hold a thread (ptrace)";
  manager.drop_what_was_said();
  // One sign may still come of a round before it was held, and none after that.
  const auto said = manager.until("STATUS=the shard stands");
  EXPECT_LE(said.size(), 2U) << testing::PrintToString(said);
  EXPECT_THAT(said.back(), StartsWith("STATUS=the shard stands"));
  EXPECT_EQ(daemon.http().get("/healthz").status, 200);
  EXPECT_EQ(manager.next(2 * kWatchdogMillis), "");
  held.let_go();
  EXPECT_EQ(manager.next(), "WATCHDOG=1");
  EXPECT_EQ(manager.next(), "STATUS=running");
  EXPECT_EQ(daemon.stop(), 0);
  EXPECT_THAT(daemon.process().err(), HasSubstr("shard_goes_on"));
}

TEST_F(SupervisionTest, ALoopThatStandsGivesNoLifeSignThoughTheShardGoesRound) {
  const Manager manager(address);
  Daemon daemon(project, "");
  EXPECT_EQ(manager.until("WATCHDOG=1").back(), "WATCHDOG=1");
  HeldThread held(daemon.process().pid());
  if (!held.held()) GTEST_SKIP() << "not run: this machine lets no test hold a thread (ptrace)";
  manager.drop_what_was_said();
  EXPECT_EQ(manager.next(2 * kWatchdogMillis), "");
  held.let_go();
  EXPECT_EQ(manager.until("WATCHDOG=1").back(), "WATCHDOG=1");
}

TEST_F(SupervisionTest, AStartThatFailsSaysWhy) {
  const Manager manager(address);
  fs::create_directory(project.folder() / "data");
  fs::create_directory(project.folder() / "data" / "sojourn.db");
  const Finished finished = run_to_end(sojourn({"run", "--project", project.folder().string()}),
                                       project.folder() / "run");
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(manager.until("STATUS=died").back(), HasSubstr("sojourn.db"));
}

TEST_F(SupervisionTest, AWatchdogThatCannotBeServedIsRefusedAtTheStart) {
  const Manager manager(address);
  setenv("WATCHDOG_USEC", "1000000", 1);
  const Finished finished = run_to_end(sojourn({"run", "--project", project.folder().string()}),
                                       project.folder() / "run");
  EXPECT_EQ(finished.code, 2);
  EXPECT_THAT(
      finished.err,
      HasSubstr("WATCHDOG_USEC asks for a life sign every 1000 ms, and 4000 ms is the least"));
  EXPECT_THAT(finished.err, HasSubstr("WatchdogSec=4"));
}

}  // namespace
}  // namespace sojourn::e2e
