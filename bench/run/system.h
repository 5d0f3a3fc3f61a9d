// What is measured: the floor, or the daemon, as a process that takes events and
// sends messages. `start` on a directory that was used before goes on with what
// is in it. And what receives: the bare sink, or the full sandbox.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/instant.h"
#include "base/result.h"
#include "bench/run/process.h"

namespace sojourn::bench {

// The journey: [wait `hold`] message 1, wait `delay`, message 2 by plan.
struct Workload {
  base::Millis hold;  // zero: message 1 leaves at once
  base::Millis delay;
  // What the system's clock says at its start: the daemon's then stands still, the floor's goes
  // on. None: that of the machine.
  std::optional<base::Instant> clock = {};
  // Of the daemon: how many who are overdue it lets go in a second; none: as it is by itself.
  std::optional<int> overdue_per_second = {};
  // Of the daemon: the receiver is asked first about what senders say (`forward = "ask"`).
  bool asks = false;
  // Of the daemon: another journey asks at each visit what the user looked at in the last 7 days,
  // so that visits are kept. Nobody enters it.
  bool looks_back = false;
};

class System {
 public:
  virtual ~System() = default;
  virtual base::Status start(const std::filesystem::path& dir, std::uint16_t receiver_port,
                             const Workload& workload) = 0;
  // Where the database files are, below the directory given to `start`.
  virtual std::filesystem::path data_dir(const std::filesystem::path& dir) const = 0;
  // Events that its files hold, each with an id of its own, where nobody was sent a message.
  // After a clean stop.
  virtual base::Result<std::uint64_t> kept_events(const std::filesystem::path& dir) const = 0;

  base::Status stop() { return process_.stop(); }
  void kill9() { process_.kill9(); }
  int pid() const { return process_.pid(); }
  std::uint16_t port() const { return port_; }

 protected:
  base::Status run(const std::vector<std::string>& command, const std::filesystem::path& log);

 private:
  Process process_;
  std::uint16_t port_ = 0;
};

// The key that the daemon is told to ask for, and the load generator sends.
inline constexpr const char* kIntakeKey = "bench-intake-key";

std::unique_ptr<System> make_floor(const std::filesystem::path& program);
std::unique_ptr<System> make_daemon(const std::filesystem::path& program);

class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual base::Status start(const std::filesystem::path& dir) = 0;
  virtual base::Result<std::uint64_t> messages() = 0;
  // What it noted of the messages; negative: it does not note that.
  struct Receipt {
    double gap_ms_p50 = -1;  // from a person's first message to the second
    double gap_ms_p99 = -1;
    double seconds = -1;      // from the first message to the last
    double connections = -1;  // that brought messages, the most at once
  };
  // After a run: an error unless `people` people got so many messages each, one or two, and
  // no message came twice.
  virtual base::Result<Receipt> check(std::uint64_t people, int messages_each) = 0;
  // An error unless it was asked about exactly so many events, about none twice.
  virtual base::Status check_asked(std::uint64_t events) = 0;

  std::uint16_t port() const { return port_; }

 protected:
  Process process_;
  std::uint16_t port_ = 0;
};

std::unique_ptr<Receiver> make_sink(const std::filesystem::path& program);
std::unique_ptr<Receiver> make_sandbox(const std::filesystem::path& program);

}  // namespace sojourn::bench
