// The running daemon: one loop thread with every socket, one shard thread with
// the store, and what lies between them. Made, started and closed on the loop's
// thread; everything else in here happens there too, except what the shard
// publishes, which is posted over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/access_key.h"
#include "app/config.h"
#include "app/counters.h"
#include "app/log.h"
#include "base/clock.h"
#include "base/result.h"
#include "graph/catalog.h"
#include "graph/graph.h"
#include "runtime/step_places.h"

namespace sojourn::uv {
class Loop;
}

namespace sojourn::app {

// A compiled project, without what only the language needs to know.
struct DaemonProgram {
  graph::Catalog catalog;
  std::vector<graph::Graph> graphs;
  runtime::StepPlaces places;  // for people
};

struct DaemonOptions {
  Config config;
  DaemonProgram program;
  std::vector<AccessKey> keys;  // one may ingest
  // Reads them anew; an error, and those that were let in still are. Null: they stay.
  std::function<base::Result<std::vector<AccessKey>>()> read_keys;
  std::string iterable_key;
  std::vector<std::string> notice_keys;  // none: no system webhooks of Iterable are taken
  // As read_keys, of the notice keys.
  std::function<base::Result<std::vector<std::string>>()> read_notice_keys;
  // Jitter and answer ids from this seed instead of the system's entropy.
  std::optional<std::uint64_t> seed;
  // Called on the loop's thread before each part of the start that may take long.
  std::function<void(std::string_view part)> on_part = [](std::string_view) {};
  // The same, many times within a part: some of its work has been done since. May be empty.
  std::function<void()> on_progress;
  // Called on the loop's thread when the daemon cannot go on; the process must end.
  std::function<void(const base::Error&)> on_fatal;
};

class Daemon {
 public:
  // `loop`, `clock` and `log` outlive the daemon.
  Daemon(uv::Loop& loop, base::Clock& clock, const Log& log, DaemonOptions options);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Opens the store, applies the program, deals with what the last process left
  // claimed, listens. Blocks for as long as that takes.
  base::Status start();
  int port() const;

  // Stops taking requests, finishes what is in hand, gives attempts under way up
  // to `grace` to end (later ones stay claimed: in doubt for the next start), then
  // calls `done`.
  void close(base::Millis grace, std::function<void()> done);

  // From now on those keys are let in that `read_keys` gives; how many. Said in the log.
  base::Result<std::size_t> reload_keys();

  // The clock was moved: look for what is due.
  void wake();
  struct Progress {
    // Nothing is waiting, running or under way, and nothing is due now.
    bool idle = false;
    base::Instant next_due = base::kNever;
  };
  Progress progress() const;
  // Stands still when the shard's thread does (runtime::ShardThread::State).
  std::uint64_t shard_rounds() const;

  const Counters& counters() const;
  // What the daemon knows of itself, as JSON and as Prometheus text.
  std::string status_json() const;
  std::string metrics_text() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sojourn::app
