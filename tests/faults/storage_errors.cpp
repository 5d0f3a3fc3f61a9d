// Calls to the disk that fail or are slow, by strace in the real daemon, and files that are damaged
// while no daemon runs.
#include <csignal>
#include <fmt/format.h>
#include <fstream>

#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"

namespace sojourn::faults {
namespace {

constexpr int kMostCalls = 1'000;
constexpr int kQuickStride = 12;

struct Failure {
  const char* call;
  const char* error;
};
constexpr Failure kFailures[] = {{"pwrite64", "EIO"}, {"pwrite64", "ENOSPC"}, {"fdatasync", "EIO"},
                                 {"pread64", "EIO"},  {"ftruncate", "EIO"},   {"unlink", "EIO"}};

e2e::Words injected(const std::string& call, const std::string& what, const std::string& trace) {
  return {"strace", "-D",
          "-f",     "-qq",
          "-o",     trace,
          "-e",     "trace=" + call,
          "-e",     fmt::format("inject={}:{}", call, what)};
}

struct Swept {
  int failed = 0;  // calls that did
  int ended = 0;   // lives that could not go on
};

// The N-th call of each thread, for N from 1 until no thread comes to it; in a first life, or in
// the one after a life that was killed in the middle.
void sweep(Context& context, const Failure& failure, bool is_of_recovery, Swept& swept) {
  for (int n = 1; n < kMostCalls; n += context.is_quick() ? kQuickStride : 1) {
    Drill drill(context);
    if (is_of_recovery) drill.live(injected("fdatasync", "signal=KILL:when=8", "/dev/null"));
    const auto trace = drill.project().folder() / "strace";
    const Life life = drill.live(
        injected(failure.call, fmt::format("error={}:when={}", failure.error, n), trace.string()));
    const bool has_failed = e2e::read_file(trace).find("(INJECTED)") != std::string::npos;
    if (has_failed) ++swept.failed;
    if (has_failed && !life.reached_end) ++swept.ended;
    drill.finish(fmt::format("{} {} {}{}", failure.call, failure.error, n,
                             !has_failed        ? " (not reached)"
                             : life.reached_end ? " (went on)"
                                                : ""));
    if (!has_failed) return;
  }
}

void sweep_all(Context& context, bool is_of_recovery) {
  Swept swept;
  for (const Failure& failure : kFailures) sweep(context, failure, is_of_recovery, swept);
  context.tally().figures.emplace_back("calls that failed", std::to_string(swept.failed));
  context.tally().figures.emplace_back("lives that it ended", std::to_string(swept.ended));
  if (swept.ended == 0) context.tally().violate("no failure ended a life: were they injected?");
}

void slow(Context& context) {
  Drill drill(context);
  const Life life = drill.live(injected("fdatasync", "delay_enter=50000", "/dev/null"));
  if (!life.reached_end) context.tally().violate("does not come to its end on a slow disk");
  drill.finish("50 ms for each sync");
}

// The daemon refuses to start, says why, and leaves the files as they are; with the files that
// were, it goes on.
void refuses(Context& context, Drill& drill, const std::string& file, const std::string& damaged,
             const std::string& says_so) {
  const auto path = drill.data() / file;
  const std::string whole = e2e::read_file(path);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << damaged;
  const auto daemon = drill.start();
  if (daemon->port() != 0) {
    context.tally().violate(fmt::format("starts with a damaged {}", file));
    daemon->kill9();
  }
  const std::string err = daemon->process().err();
  if (err.find(says_so) == std::string::npos || err.find(path.string()) == std::string::npos) {
    context.tally().violate(fmt::format("does not say `{}` of {}: {}", says_so, file, err));
  }
  if (e2e::read_file(path) != damaged) {
    context.tally().violate(fmt::format("changes a damaged {}", file));
  }
  std::ofstream(path, std::ios::binary | std::ios::trunc) << whole;
}

void damaged_files(Context& context) {
  // Of a log that was copied into the database only the front is of use, and damage behind it harms
  // nothing.
  Drill drill(context, {.write_ahead_log_kb = kUsualLogKb});
  const auto daemon = drill.start();
  drill.send(*daemon);
  daemon->kill9();
  const std::string log = e2e::read_file(drill.data() / "sojourn.db-wal");
  std::string flipped = log;
  flipped[log.size() / 3] = static_cast<char>(flipped[log.size() / 3] ^ 0x10);
  refuses(context, drill, "sojourn.db-wal", flipped, "is damaged");
  std::string headless = log;
  headless[5] = static_cast<char>(headless[5] ^ 0x10);
  refuses(context, drill, "sojourn.db-wal", headless, "is damaged");
  refuses(context, drill, "sojourn.db", "", "is empty, and its log");
  // What is in the log hides the pages of the database, so that goes into it first.
  const auto closing = drill.start();
  drill.run_to_the_end(*closing);
  closing->stop();
  const std::string database = e2e::read_file(drill.data() / "sojourn.db");
  constexpr std::size_t kPageBytes = 2048;
  std::string headless_database = database;
  headless_database[3] = '?';
  refuses(context, drill, "sojourn.db", headless_database, "is not a Sojourn store");
  std::string zeroed = database;
  zeroed.replace(kPageBytes, zeroed.size() - kPageBytes, zeroed.size() - kPageBytes, '\0');
  refuses(context, drill, "sojourn.db", zeroed, "malformed");
  refuses(context, drill, "sojourn.db", database.substr(0, database.size() / 2), "malformed");
  drill.finish("damaged, then as it was");
}

}  // namespace

void add_storage_error_cases(Cases& cases) {
  cases.push_back({.name = "storage.errors",
                   .injected = "EIO or ENOSPC at the N-th storage call, by strace",
                   .needs = {Means::kStrace},
                   .is_quick = true,
                   .run = [](Context& context) { sweep_all(context, false); }});
  cases.push_back({.name = "storage.errors_in_recovery",
                   .injected = "SIGKILL in the middle, then EIO or ENOSPC at the N-th storage call",
                   .needs = {Means::kStrace},
                   .is_quick = false,
                   .run = [](Context& context) { sweep_all(context, true); }});
  cases.push_back({.name = "storage.slow",
                   .injected = "each sync takes 50 ms longer, by strace",
                   .needs = {Means::kStrace},
                   .is_quick = false,
                   .run = slow});
  cases.push_back({.name = "storage.damaged_files",
                   .injected = "a flipped bit in the log, in its head and in the database's, a "
                               "database that is empty, cut off or zeroed behind its first page",
                   .needs = {},
                   .is_quick = true,
                   .run = damaged_files});
}

}  // namespace sojourn::faults
