// One simulated run: people and their senders, one daemon after another on one disk, a network, and
// everything that can go wrong, all drawn from one seed. After the days with faults come days
// without any, in which everything has to come to its end. One thread, no real time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/agenda.h"
#include "tests/sim/chance.h"
#include "tests/sim/checks.h"
#include "tests/sim/disk.h"
#include "tests/sim/fan_out_watch.h"
#include "tests/sim/forward_record.h"
#include "tests/sim/forwards.h"
#include "tests/sim/invariants.h"
#include "tests/sim/known.h"
#include "tests/sim/network.h"
#include "tests/sim/node.h"
#include "tests/sim/notices.h"
#include "tests/sim/plants.h"
#include "tests/sim/program.h"
#include "tests/sim/rest.h"
#include "tests/sim/senders.h"
#include "tests/sim/sent_record.h"
#include "tests/sim/trace.h"
#include "tests/sim/watched_store.h"

namespace sojourn::sim {

// Compiled once for all runs of a process.
class Programs {
 public:
  explicit Programs(calendar::ZoneSource& zones);
  const Compiled& edit(std::size_t edit) const { return edits_.at(edit); }
  calendar::ZoneSource& zones() const { return zones_; }

 private:
  calendar::ZoneSource& zones_;
  std::vector<Compiled> edits_;
};

struct RunOptions {
  std::uint64_t seed = 1;
  base::Millis faulty = base::days24(2);  // how long things go wrong
  Plant plant = Plant::kNone;
  std::size_t lines = 60;  // of the trace, for whoever reads of a violation
};

// What became of a run.
struct RunResult {
  std::uint64_t seed = 0;
  std::uint64_t hash = 0;
  base::Millis lasted;
  std::optional<Violation> violation;  // the first; the run ends with it
  std::vector<std::string> newest;     // lines of the trace, up to there
  std::array<std::uint64_t, Disk::kFaults> storage_faults{};
  std::array<std::uint64_t, Network::kMishaps> mishaps{};
  std::uint64_t io_calls = 0;
  std::uint64_t processes = 0;
  std::uint64_t failed_starts = 0;
  std::uint64_t reloads = 0;
  std::uint64_t refused_reloads = 0;
  std::uint64_t clock_jumps = 0;
  std::uint64_t commands = 0;
  std::uint64_t commits = 0;
  std::uint64_t turns = 0;
  std::uint64_t waits_over = 0;
  std::uint64_t said = 0;
  std::uint64_t messages = 0;
  std::uint64_t accepted = 0;
  std::uint64_t doubled = 0;
  std::uint64_t answers_lost = 0;  // of messages that were accepted: the bound of what is doubled
  bool passes_on = false;          // what senders say goes on to Iterable
  std::uint64_t passed_on = 0;     // calls of senders that left, by what they say
  std::uint64_t passed_on_accepted = 0;
  std::uint64_t passed_on_doubled = 0;
  std::uint64_t passed_on_answers_lost = 0;
  std::uint64_t passed_on_rejected = 0;
  FanOutWatch::Counts fan_outs;
  Notices::Counts notices;
};

class World {
 public:
  World(const Programs& programs, const RunOptions& options);
  ~World();
  RunResult run();

 private:
  void found(Violation violation);
  void listen();
  void committed(const runtime::TurnOutput& output);
  void plan_faults();
  void go_wrong();
  void strike();
  void strike_amid_fan_out();
  void draw_limits();
  void storm();
  void jump();
  void command();
  void reload();
  void begin_calm();
  bool has_come_to_an_end();
  void start();
  void died();
  void end_process();
  void set_clock(base::Millis ahead);
  void believe_ahead();
  void turned(store::Store& store, const Turned& turn);
  RunResult result() const;

  const Programs& programs_;
  const RunOptions options_;
  Chance chance_;
  Agenda agenda_;
  Trace trace_;
  MachineClock clock_;
  Disk disk_;
  const Found found_;
  SentRecord sent_;
  ForwardRecord forwarded_;
  Network network_;
  Known known_;
  Forwards forwards_;
  CommitWatch watch_;
  FanOutWatch fan_outs_;
  Checks checks_;
  Senders senders_;
  Notices notices_;
  Rest rest_;
  Listeners listeners_;
  Configuration configuration_;
  std::unique_ptr<Node> node_;
  std::optional<Violation> violation_;
  Weather usual_ = Weather::kFair;  // of the run, between storms
  bool is_calm_ = false;
  bool is_first_turn_ = true;
  bool has_believed_ = false;  // a wall clock, since the process began
  std::uint64_t processes_ = 0;
  std::uint64_t failed_starts_ = 0;
  std::uint64_t deaths_in_calm_ = 0;
  std::uint64_t reloads_ = 0;
  std::uint64_t refused_reloads_ = 0;
  std::uint64_t clock_jumps_ = 0;
  std::uint64_t commands_ = 0;
  std::uint64_t turns_ = 0;
};

}  // namespace sojourn::sim
