// A program that a test started, its output in files. Owned by the test; the
// destructor kills what still runs. The thread that starts it must outlive it: the
// program dies with that thread, so that a test that crashes leaves nothing behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sojourn::e2e {

using Words = std::vector<std::string>;

class Process {
 public:
  // `words`: the program and its arguments. Standard output goes to `log`.out and
  // standard error to `log`.err, from the start of each.
  Process(const Words& words, const std::filesystem::path& log);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Waits for the line `listening http=127.0.0.1:PORT`; 0 when the program ended
  // without it.
  int wait_for_port();

  int pid() const { return pid_; }  // -1 once `wait` has returned
  void signal(int number) const;    // any thread, before `wait` has returned
  // Waits until it has ended: its exit code, or minus the signal that ended it, or
  // -1000 when it had to be killed after `timeout_seconds`.
  int wait(int timeout_seconds = 60);
  bool ended_within(int timeout_ms) const;
  // SIGSTOP, and waits until no thread of it runs: each has stopped, or will before it does
  // anything, since it waits for a disk inside of the kernel. False when it has ended, or after far
  // too long.
  bool freeze() const;

  std::string out() const;
  std::string err() const;

 private:
  int reap();

  const std::filesystem::path log_;
  int pid_ = -1;
  int pid_fd_ = -1;
};

// Runs a program to its end.
struct Finished {
  int code = 0;
  std::string out;
  std::string err;
};
Finished run_to_end(const Words& words, const std::filesystem::path& log);

std::string read_file(const std::filesystem::path& path);

}  // namespace sojourn::e2e
