// The daemon is killed with SIGKILL as it enters its N-th system call of a kind, for N over the
// whole of a small run. strace injects the signal: the call does not happen, those before it did.
#include <csignal>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "base/random.h"
#include "tests/faults/all_cases.h"
#include "tests/faults/drill.h"

namespace sojourn::faults {
namespace {

constexpr std::size_t kQuickPoints = 10;
constexpr int kQuickPeople = 6;
constexpr int kPeople = 16;

using Calls = std::vector<std::string>;

// What SQLite and the daemon change files by.
const Calls& storage_calls() {
  static const Calls kCalls{"pwrite64",  "pwritev",   "fdatasync", "fsync",
                            "ftruncate", "fallocate", "unlink",    "rename"};
  return kCalls;
}

// By which requests and answers come and go.
const Calls& network_calls() {
  static const Calls kCalls{"accept4", "connect",  "read",    "write",   "readv",    "writev",
                            "sendto",  "recvfrom", "sendmsg", "recvmsg", "shutdown", "close"};
  return kCalls;
}

// The daemon as strace becomes it; `expression` is what is injected, if anything.
e2e::Words traced(const std::string& calls, const std::string& expression, const std::string& out) {
  e2e::Words words{"strace", "-D", "-f", "-qq", "-o", out, "-e", "trace=" + calls};
  if (!expression.empty()) words.insert(words.end(), {"-e", expression});
  return words;
}

// strace counts each call of each thread by itself: whichever thread is the first to come to its
// n-th ends the process.
struct Point {
  std::string call;
  int n = 1;
};

e2e::Words kill_at(const Point& point) {
  return traced(point.call, fmt::format("inject={}:signal=KILL:when={}", point.call, point.n),
                "/dev/null");
}

// How often one thread made a call, at the most, from where a trace begins to count.
struct Made {
  int before = 0;  // made by then
  int all = 0;
};
using MadeCalls = std::map<std::string, Made>;  // by the call's name

// Lines are `PID  CALL(…`. Where `only_serving`, what came before the first connection is before:
// there the daemon reads its zones and its project, and a kill is like any other.
MadeCalls made_calls(const std::string& trace, bool only_serving) {
  std::map<std::pair<std::string, std::string>, Made> by_thread;
  bool is_counted = !only_serving;
  std::istringstream text(trace);
  for (std::string line; std::getline(text, line);) {
    if (line.find(" resumed>") != std::string::npos) continue;
    std::istringstream words(line);
    std::string thread;
    std::string call;
    words >> thread >> call;
    const std::size_t end = call.find('(');
    if (end == std::string::npos) continue;
    call.resize(end);
    is_counted = is_counted || call == "accept4";
    Made& made = by_thread[{thread, call}];
    ++made.all;
    if (!is_counted) ++made.before;
  }
  MadeCalls out;
  for (const auto& [where, made] : by_thread) {
    Made& most = out[where.second];
    if (made.all > most.all) most = made;
  }
  return out;
}

// What is killed where.
struct Sweep {
  const Calls& calls;
  bool only_serving = false;  // not while the daemon starts
  // The points of a run are in its second life: the first was killed in the middle.
  bool is_of_recovery = false;
  // What is in doubt is looked up, so that nothing may arrive twice. Otherwise it is sent again.
  bool looks_up = false;
  std::size_t one_of = 1;  // so many points one is tried
};

class Sweeper {
 public:
  Sweeper(Context& context, const Sweep& sweep) : context_(context), sweep_(sweep) {}

  void run() {
    if (sweep_.is_of_recovery) {
      const MadeCalls made = calls_of_a_life("fdatasync", false);
      const auto synced = made.find("fdatasync");
      if (synced == made.end()) return context_.tally().violate("strace saw no fdatasync");
      first_kill_ = Point{"fdatasync", synced->second.all / 2};
    }
    const auto all = points(
        calls_of_a_life(fmt::format("{}", fmt::join(sweep_.calls, ",")), sweep_.only_serving));
    std::size_t reached = 0;
    for (const Point& point : all) reached += kill_at_point(point) ? 1 : 0;
    if (sweep_.looks_up) {
      EXPECT_EQ(context_.tally().extra_copies, 0U) << "it was listed, and sent again";
      EXPECT_GT(context_.tally().in_doubt, 0U) << "or there was nothing to look up";
    }
    context_.tally().figures.emplace_back("kill points swept", std::to_string(reached));
    // How many calls a run makes differs a little from run to run.
    const std::size_t enough = context_.is_quick() ? 1 : all.size() / 2;
    if (reached < enough) {
      context_.tally().violate(
          fmt::format("only {} of {} points were reached", reached, all.size()));
    }
  }

 private:
  DrillOptions options() const {
    DrillOptions options{.people = context_.is_quick() ? kQuickPeople : kPeople};
    if (sweep_.looks_up) options.iterable.clear();
    return options;
  }

  // What comes before the life that is looked at.
  void prepare(Drill& drill) const {
    if (first_kill_) drill.live(kill_at(*first_kill_));
  }

  MadeCalls calls_of_a_life(const std::string& calls, bool only_serving) {
    Drill drill(context_, options());
    prepare(drill);
    const auto trace = drill.project().folder() / "strace";
    drill.live(traced(calls, {}, trace.string()));
    const MadeCalls made = made_calls(e2e::read_file(trace), only_serving);
    drill.finish("counted");
    return made;
  }

  // All of them; or a few that are spread over all, where chance shifts each.
  std::vector<Point> points(const MadeCalls& made) const {
    std::vector<Point> all;
    for (const std::string& call : sweep_.calls) {
      const auto found = made.find(call);
      if (found == made.end()) continue;
      for (int n = found->second.before + 1; n <= found->second.all; ++n) all.push_back({call, n});
    }
    if (sweep_.one_of > 1) all = one_of_so_many(all);
    if (!context_.is_quick() || all.size() <= kQuickPoints) return all;
    base::SeededRandom random(context_.seed());
    const std::size_t stretch = all.size() / kQuickPoints;
    std::vector<Point> out;
    for (std::size_t i = 0; i < kQuickPoints; ++i) {
      out.push_back(all[i * stretch + base::random_below(random, stretch)]);
    }
    return out;
  }

  // Another one of each so many with another seed.
  std::vector<Point> one_of_so_many(const std::vector<Point>& all) const {
    std::vector<Point> out;
    for (std::size_t i = context_.seed() % sweep_.one_of; i < all.size(); i += sweep_.one_of) {
      out.push_back(all[i]);
    }
    return out;
  }

  // Whether it came to the kill.
  bool kill_at_point(const Point& point) {
    Drill drill(context_, options());
    prepare(drill);
    // Of every other run some answers are still to come when the kill comes.
    if (point.n % 2 == 0) {
      context_.sandbox().misbehave({"POST /api/email/target 60% delay 5ms"}, point.n);
    }
    const Life life = drill.live(kill_at(point));
    const bool is_reached = life.code == -SIGKILL && !life.reached_end;
    drill.finish(
        fmt::format("at {} {}{}", point.call, point.n, is_reached ? "" : " (not reached)"));
    return is_reached;
  }

  Context& context_;
  const Sweep sweep_;
  std::optional<Point> first_kill_;
};

Case sweep_case(const std::string& name, const std::string& injected, const Sweep& sweep,
                bool is_quick) {
  return {.name = name,
          .injected = injected,
          .needs = {Means::kStrace},
          .is_quick = is_quick,
          .run = [sweep](Context& context) { Sweeper(context, sweep).run(); }};
}

// Without strace: a life that is killed once everything has been taken.
void kill_when_acknowledged(Context& context) {
  const int runs = context.is_quick() ? 3 : 50;
  for (int run = 1; run <= runs; ++run) {
    Drill drill(context);
    context.sandbox().misbehave({"POST /api/email/target 60% delay 20ms"}, run);
    const auto daemon = drill.start();
    drill.send(*daemon);
    daemon->kill9();
    drill.finish(fmt::format("run {}", run));
  }
}

}  // namespace

void add_kill_cases(Cases& cases) {
  cases.push_back({.name = "kill.acknowledged",
                   .injected = "SIGKILL as soon as the last event is acknowledged",
                   .needs = {},
                   .is_quick = true,
                   .run = kill_when_acknowledged});
  cases.push_back(sweep_case("kill.storage", "SIGKILL at the N-th storage call, by strace",
                             {.calls = storage_calls()}, true));
  cases.push_back(sweep_case("kill.network", "SIGKILL at the N-th network call, by strace",
                             {.calls = network_calls(), .only_serving = true}, true));
  cases.push_back(sweep_case(
      "kill.network_looked_up", "SIGKILL at every fourth network call; doubts are looked up",
      {.calls = network_calls(), .only_serving = true, .looks_up = true, .one_of = 4}, false));
  cases.push_back(sweep_case("kill.recovery",
                             "SIGKILL in the middle, then at the N-th storage call of the restart",
                             {.calls = storage_calls(), .is_of_recovery = true}, false));
}

}  // namespace sojourn::faults
