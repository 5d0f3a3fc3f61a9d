// A program that the driver started, its output in files. It dies with the
// driver. Owned by whoever started it; the destructor kills it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace sojourn::bench {

class Process {
 public:
  Process() = default;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  // Starts `command` (a program and its arguments) with its standard output in
  // `log`, its standard error in `log`.err, and waits for the line `listening
  // http=127.0.0.1:PORT`. Answers the port.
  base::Result<std::uint16_t> start_server(const std::vector<std::string>& command,
                                           const std::filesystem::path& log);

  int pid() const { return pid_; }
  bool running() const { return pid_ > 0; }

  // Asks it to end (SIGTERM) and waits; an exit code other than 0 is an error.
  base::Status stop();
  // SIGKILL; returns when it is gone.
  void kill9();

 private:
  base::Status spawn(const std::vector<std::string>& command);
  // True when it ended within the time.
  bool ended_within(int timeout_ms);
  int reap();
  base::Error with_log(std::string message) const;

  int pid_ = -1;
  int pid_fd_ = -1;
  std::filesystem::path log_;
};

// CPU time used so far, user and system together.
double cpu_seconds(int pid);
std::uint64_t resident_bytes(int pid);
// The most so far.
std::uint64_t most_resident_bytes(int pid);

}  // namespace sojourn::bench
