// A drill: a few people are driven through a small journey (a message, a wait, a second message) by
// daemons that come and go, while a fault is injected; then a last daemon without faults brings
// everything to its end, and what every side knows is joined into the case's tally. Every drill has
// a project, a store and people of its own. Main thread.
#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/uv/system_clock.h"
#include "tests/faults/case.h"

namespace sojourn::faults {

// Of a daemon that is not told otherwise; and one that even the few changes of a drill fill again
// and again, so that they are copied into the database.
inline constexpr int kUsualLogKb = 65'536;
inline constexpr int kShortLogKb = 64;

struct DrillOptions {
  int people = 6;
  // On the machine's clock. Otherwise on a driven one, where no wait takes time and each daemon
  // begins an hour later than the one before, so that some timers are overdue.
  bool is_real_time = false;
  std::string wait = "1s";  // between the messages
  // More lines of sojourn.toml. The usual one is the worst case: what is in doubt is sent again.
  std::string iterable = "look_up_after_seconds = 0";
  std::string intake = {};
  std::string more = {};
  std::string base_url = {};  // where messages go; empty: straight to the sandbox
  // Where the store is; the folder `data()` is there in any case, and has the control socket.
  std::string store_path = "data";
  std::string store = {};  // more lines under [store]
  int ballast_mb = 1;
  int write_ahead_log_kb = kShortLogKb;
};

// How a daemon's life came out.
struct Life {
  bool served = false;       // it came up
  bool reached_end = false;  // everything that it had to do was done
  int code = 0;              // as e2e::Process::wait: its exit code, or minus the signal
  std::string err;           // its log
};

class Drill {
 public:
  explicit Drill(Context& context, DrillOptions options = {});

  const e2e::Project& project() const { return project_; }
  // Of the daemon's files, unless DrillOptions::store_path says otherwise, and the control socket.
  std::filesystem::path data() const { return project_.folder() / "data"; }
  // Writes sojourn.toml again, for the daemons that start from now on.
  void configure(const DrillOptions& options);

  // A daemon; `before` as of e2e::Daemon. Its port is 0 when it did not come up.
  std::unique_ptr<e2e::Daemon> start(const e2e::Words& before = {});
  // Sends every event that is not acknowledged once, and answers how many still are not.
  // `acknowledged` is called after each that now is.
  std::size_t send(e2e::Daemon& daemon, const std::function<void()>& acknowledged = {});
  // Until there is nothing to do any more. False when the daemon has gone.
  bool run_to_the_end(e2e::Daemon& daemon) const;
  // A life under a fault: start, send, run as far as it goes; what is left is killed.
  Life live(const e2e::Words& before = {});

  // The last life and the join. `run` says in the log which run of the case it was. Expects that
  // everything can come to its end now: the fault is over.
  void finish(const std::string& run);
  // What the sandbox has recorded since the drill before: the next one counts from there.
  const std::vector<e2e::Json>& take_received();
  // The join alone, with a daemon that has come to the end.
  void join(const e2e::Daemon& daemon, const std::string& run);

  // No two drills share it: people and keys are made of it.
  std::string name() const { return fmt::format("d{}", number_); }
  // Somebody whose event was acknowledged to another sender.
  void add_acknowledged(const std::string& email) { join_.events.push_back({email, true, {}}); }
  const std::vector<e2e::SentEvent>& events() const { return join_.events; }

 private:
  std::string next_start() const;

  Context& context_;
  DrillOptions options_;
  const int number_;
  const e2e::Project project_;
  uv::SystemClock clock_;
  int lives_ = 0;
  e2e::Join join_;
};

}  // namespace sojourn::faults
