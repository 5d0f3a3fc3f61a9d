// A daemon and a sandbox as processes, and how tests speak to them. Owned by the
// test, on its main thread; both end with their objects.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/http.h"
#include "tests/e2e/process.h"
#include "tests/e2e/project.h"

namespace sojourn::e2e {

// `sojourn ARGUMENTS` as words.
Words sojourn(const Words& arguments);

class Sandbox {
 public:
  // Keeps its record in `folder`. `rules`: how it misbehaves.
  explicit Sandbox(const std::filesystem::path& folder, const Words& rules = {});

  int port() const { return port_; }
  const Process& process() const { return process_; }
  // What was received after the message with this sequence, in order.
  std::vector<Json> messages(std::uint64_t after = 0);
  Json summary();
  // Waits until so many messages have come, answered or not.
  bool wait_for(std::size_t count);
  void misbehave(const Words& rules, int seed = 1);
  // How many requests its first rule has hit since then.
  std::uint64_t hits();
  std::filesystem::path record_file() const { return record_file_; }
  int stop();

 private:
  std::filesystem::path record_file_;
  Process process_;
  int port_;
  Http http_;
};

struct Clock {
  std::string now;
  bool idle = false;
  std::optional<std::string> next_due;
  std::string state;  // steady, behind, doubted
};

class Daemon {
 public:
  // On a clock that stands at `start`; empty: on the real clock. Its log is `project`/`log`.err.
  // `before`: a program with its arguments that becomes the daemon, such as `env` or `strace -D`.
  Daemon(const Project& project, const std::string& start, const std::string& log = "daemon",
         const Words& options = {}, const Words& before = {});

  // 0 when it did not come up.
  int port() const { return port_; }
  Process& process() { return process_; }
  const Process& process() const { return process_; }
  Http& http() { return *http_; }
  // SIGTERM: its exit code.
  int stop();
  int kill9();

  // As a sender does; the key is the right one.
  Answer post(const std::string& path, const Json& body);
  Answer remove(const std::string& path);
  Answer call(const std::string& method, const std::string& target, const std::string& body = {});
  // One event of the user with this email; `id` may be empty.
  Answer track(const std::string& email, const std::string& event, const Json& fields,
               const std::string& id);

  // Waits until nothing is under way, and answers where the clock stands. Nothing
  // when the daemon has gone.
  std::optional<Clock> settle();
  // Moves the clock to `instant` at once; what became due is done when this returns.
  void jump_to(const std::string& instant);
  // Somebody sets the wall clock under the daemon, forward or back; no time passes.
  void set_wall(const std::string& instant);
  // The same from due instant to due instant, so that nothing is late.
  void run_until(const std::string& instant);
  // Until nothing is due any more. False when the daemon has gone, or after far too many steps.
  bool run_to_the_end();

  // `sojourn status --json` and `sojourn user WHO --json`, as processes.
  Json status() const;
  Json user(const std::string& who) const;
  // Everything that the daemon knows of a person, without starting a process.
  Json report(const std::string& who) const;

 private:
  std::optional<Json> control(const std::string& target, const std::string& body = {}) const;

  const std::filesystem::path folder_;
  const std::filesystem::path socket_;
  Process process_;
  int port_;
  std::unique_ptr<Http> http_;
};

// What stands in the daemon's log under `event`.
std::vector<Json> log_lines(const std::string& log_text, const std::string& event);

// The journey `journey` in the answer of `status`; null when it is not there.
Json journey_in(const Json& status, const std::string& journey);

}  // namespace sojourn::e2e
