#include "bench/run/process.h"

#include <charconv>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"
#include "bench/wire/clock.h"

namespace sojourn::bench {
namespace {

constexpr std::int64_t kStartTimeoutMicros = 60'000'000;
constexpr int kStopTimeoutMs = 20'000;
constexpr std::size_t kLogTailBytes = 600;

std::string read_whole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// 0 while the line has not been written whole.
std::uint16_t announced_port(const std::string& output) {
  constexpr std::string_view kLine = "listening http=127.0.0.1:";
  const auto at = output.find(kLine);
  if (at == std::string::npos || output.find('\n', at) == std::string::npos) return 0;
  std::uint16_t port = 0;
  std::from_chars(output.data() + at + kLine.size(), output.data() + output.size(), port);
  return port;
}

// Runs in the child, between fork and exec.
[[noreturn]] void become(const std::vector<std::string>& command, const std::string& out,
                         const std::string& err) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  dup2(open(out.c_str(), kFlags, 0644), STDOUT_FILENO);
  dup2(open(err.c_str(), kFlags, 0644), STDERR_FILENO);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  fmt::print(stderr, "cannot run it: {}\n", std::strerror(errno));
  std::fflush(stderr);
  _exit(127);
}

// What /proc says of the process under this name.
std::uint64_t memory_bytes(int pid, std::string_view name) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  std::string word;
  std::uint64_t kib = 0;
  while (status >> word) {
    if (word == name && status >> kib) break;
  }
  return kib * 1024;
}

}  // namespace

Process::~Process() {
  kill9();
}

base::Result<std::uint16_t> Process::start_server(const std::vector<std::string>& command,
                                                  const std::filesystem::path& log) {
  SOJOURN_CHECK(!running(), "a process object starts one program at a time");
  log_ = log;
  std::filesystem::remove(log_);
  if (auto spawned = spawn(command); !spawned) return tl::unexpected(spawned.error());
  const std::int64_t deadline = monotonic_micros() + kStartTimeoutMicros;
  while (monotonic_micros() < deadline) {
    if (const std::uint16_t port = announced_port(read_whole(log_)); port != 0) return port;
    if (ended_within(1)) {
      const int code = reap();
      return tl::unexpected(
          with_log(fmt::format("`{}` ended with {} before it listened", command[0], code)));
    }
  }
  kill9();
  return tl::unexpected(with_log(fmt::format("`{}` did not say where it listens", command[0])));
}

base::Status Process::spawn(const std::vector<std::string>& command) {
  const std::string out = log_.string();
  const std::string err = out + ".err";
  pid_ = fork();
  if (pid_ == 0) become(command, out, err);
  if (pid_ < 0) {
    return base::failure(base::Error::Kind::kUnavailable,
                         fmt::format("cannot start `{}`: {}", command[0], std::strerror(errno)));
  }
  pid_fd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  SOJOURN_CHECK(pid_fd_ >= 0, "the kernel has pidfd_open (Linux 5.3)");
  return {};
}

bool Process::ended_within(int timeout_ms) {
  pollfd waited{pid_fd_, POLLIN, 0};
  return poll(&waited, 1, timeout_ms) == 1;
}

int Process::reap() {
  int status = 0;
  waitpid(pid_, &status, 0);
  close(pid_fd_);
  pid_ = pid_fd_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

base::Status Process::stop() {
  if (!running()) return {};
  kill(pid_, SIGTERM);
  if (!ended_within(kStopTimeoutMs)) {
    kill9();
    return tl::unexpected(with_log("it did not end within 20 s of SIGTERM"));
  }
  const int code = reap();
  if (code != 0) return tl::unexpected(with_log(fmt::format("it ended with {}", code)));
  return {};
}

void Process::kill9() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  reap();
}

base::Error Process::with_log(std::string message) const {
  std::string text = read_whole(log_.string() + ".err");
  if (text.size() > kLogTailBytes) text.erase(0, text.size() - kLogTailBytes);
  return {base::Error::Kind::kUnavailable, fmt::format("{} (log `{}`)", message, log_.string()),
          text};
}

double cpu_seconds(int pid) {
  const std::string text = read_whole(fmt::format("/proc/{}/stat", pid));
  // The name, in parentheses, may hold spaces. Behind it `state` is field 3, and
  // utime and stime are fields 14 and 15.
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user = 0;
  double system = 0;
  SOJOURN_CHECK(fields >> user >> system, "/proc/PID/stat of a running process can be read");
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::uint64_t resident_bytes(int pid) {
  return memory_bytes(pid, "VmRSS:");
}

std::uint64_t most_resident_bytes(int pid) {
  return memory_bytes(pid, "VmHWM:");
}

}  // namespace sojourn::bench
