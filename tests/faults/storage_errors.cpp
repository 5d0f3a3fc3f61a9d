// Calls to the disk that fail or are slow, by strace in the real daemon, and files that are damaged
// while no daemon runs.
#include <csignal>
#include <fmt/format.h>
#include <fstream>

#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"

namespace sojourn::faults {
namespace {

struct Failure {
  const char* call;
  const char* error;
  int most;  // calls of a small run that are tried
};
// A full disk is asked for at each write; the log is synced once a commit, and files are made at
// the start.
constexpr Failure kFailures[] = {{"pwrite64", "EIO", 60},  {"pwrite64", "ENOSPC", 60},
                                 {"fdatasync", "EIO", 40}, {"pread64", "EIO", 40},
                                 {"ftruncate", "EIO", 4},  {"unlink", "EIO", 4}};

e2e::Words injected(const std::string& call, const std::string& what) {
  return {"strace", "-D",
          "-f",     "-qq",
          "-o",     "/dev/null",
          "-e",     "trace=" + call,
          "-e",     fmt::format("inject={}:{}", call, what)};
}

e2e::Words failing(const Failure& failure, int n) {
  return injected(failure.call, fmt::format("error={}:when={}", failure.error, n));
}

// Every call of a life; or of the life after one that was killed in the middle.
void sweep(Context& context, bool is_of_recovery) {
  int tried = 0;
  int ended = 0;
  for (const Failure& failure : kFailures) {
    const int stride = context.is_quick() ? failure.most / 2 : 1;
    for (int n = 1; n <= failure.most; n += stride) {
      Drill drill(context);
      if (is_of_recovery) drill.live(injected("fdatasync", "signal=KILL:when=8"));
      const Life life = drill.live(failing(failure, n));
      ++tried;
      if (!life.reached_end) ++ended;
      drill.finish(fmt::format("{} {} {}{}", failure.call, failure.error, n,
                               life.reached_end ? " (went on)" : ""));
    }
  }
  context.tally().figures.emplace_back("calls that failed", std::to_string(tried));
  context.tally().figures.emplace_back("lives that it ended", std::to_string(ended));
  if (ended == 0) context.tally().violate("no failure ended a life: were they injected?");
}

void slow(Context& context) {
  Drill drill(context);
  const Life life = drill.live(injected("fdatasync", "delay_enter=50000"));
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
  Drill drill(context);
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
  drill.finish("damaged, then as it was");
}

}  // namespace

void add_storage_error_cases(Cases& cases) {
  cases.push_back({.name = "storage.errors",
                   .injected = "EIO or ENOSPC at the N-th storage call, by strace",
                   .needs = {Means::kStrace},
                   .is_quick = true,
                   .run = [](Context& context) { sweep(context, false); }});
  cases.push_back({.name = "storage.errors_in_recovery",
                   .injected = "SIGKILL in the middle, then EIO or ENOSPC at the N-th storage call",
                   .needs = {Means::kStrace},
                   .is_quick = false,
                   .run = [](Context& context) { sweep(context, true); }});
  cases.push_back({.name = "storage.slow",
                   .injected = "each sync takes 50 ms longer, by strace",
                   .needs = {Means::kStrace},
                   .is_quick = false,
                   .run = slow});
  cases.push_back({.name = "storage.damaged_files",
                   .injected = "a flipped bit in the log and in its head, an empty database",
                   .needs = {},
                   .is_quick = true,
                   .run = damaged_files});
}

}  // namespace sojourn::faults
