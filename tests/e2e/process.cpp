#include "tests/e2e/process.h"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/check.h"

namespace sojourn::e2e {
namespace {

constexpr int kKilledByUs = -1000;
constexpr int kStartPolls = 120'000;  // of at least a millisecond
constexpr int kFreezeLooks = 60'000;  // the same

// Between fork and exec: only what is allowed there.
[[noreturn]] void become(char* const* words, const char* out, const char* err) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  dup2(open(out, kFlags, 0644), STDOUT_FILENO);
  dup2(open(err, kFlags, 0644), STDERR_FILENO);
  execvp(words[0], words);
  _exit(127);
}

// Whether no thread of the process runs, or could without being let go on. The state of a thread is
// the word behind its name, which is in brackets: stopped, or within the kernel, where no signal
// comes.
bool is_frozen(int pid) {
  std::error_code gone;
  const auto threads =
      std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", gone);
  if (gone) return false;
  for (const auto& thread : threads) {
    const std::string stat = read_file(thread.path() / "stat");
    const std::size_t at = stat.rfind(") ");
    if (at == std::string::npos) continue;  // it has ended meanwhile
    if (std::string_view("TtDZX").find(stat[at + 2]) == std::string_view::npos) return false;
  }
  return true;
}

std::filesystem::path with_suffix(std::filesystem::path path, const char* suffix) {
  path += suffix;
  return path;
}

}  // namespace

Process::Process(const Words& words, const std::filesystem::path& log) : log_(log) {
  const std::string out = with_suffix(log_, ".out").string();
  const std::string err = with_suffix(log_, ".err").string();
  std::filesystem::remove(out);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) become(arguments.data(), out.c_str(), err.c_str());
  SOJOURN_CHECK(pid_ > 0, "a test can start a process");
  pid_fd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  SOJOURN_CHECK(pid_fd_ >= 0, "the kernel has pidfd_open (Linux 5.3)");
}

Process::~Process() {
  if (pid_ < 0) return;
  signal(SIGKILL);
  reap();
}

int Process::wait_for_port() {
  constexpr std::string_view kLine = "listening http=127.0.0.1:";
  for (int poll = 0; poll < kStartPolls; ++poll) {
    const bool ended = ended_within(1);
    const std::string text = out();
    const std::size_t at = text.find(kLine);
    if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
      return std::stoi(text.substr(at + kLine.size()));
    }
    if (ended) return 0;
  }
  return 0;
}

void Process::signal(int number) const {
  syscall(SYS_pidfd_send_signal, pid_fd_, number, nullptr, 0);
}

bool Process::ended_within(int timeout_ms) const {
  pollfd waited{pid_fd_, POLLIN, 0};
  return poll(&waited, 1, timeout_ms) == 1;
}

bool Process::freeze() const {
  signal(SIGSTOP);
  for (int look = 0; look < kFreezeLooks; ++look) {
    if (is_frozen(pid_)) return true;
    if (ended_within(1)) return false;
  }
  return false;
}

int Process::wait(int timeout_seconds) {
  if (ended_within(timeout_seconds * 1000)) return reap();
  signal(SIGKILL);
  reap();
  return kKilledByUs;
}

int Process::reap() {
  int status = 0;
  waitpid(pid_, &status, 0);
  close(pid_fd_);
  pid_ = pid_fd_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string Process::out() const {
  return read_file(with_suffix(log_, ".out"));
}

std::string Process::err() const {
  return read_file(with_suffix(log_, ".err"));
}

Finished run_to_end(const Words& words, const std::filesystem::path& log) {
  Process process(words, log);
  const int code = process.wait();
  return {code, process.out(), process.err()};
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace sojourn::e2e
