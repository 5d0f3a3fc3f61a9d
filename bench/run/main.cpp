// The table of docs/performance.md: the floor and the daemon in turns (A B A B
// …) on one machine in one run, so that what the machine does to the one it does
// to the other. `--subject floor` measures the floor against itself: what then
// differs from a ratio of 1 is the noise of the machine.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <functional>

#include "bench/run/contest.h"
#include "bench/run/iterable_rows.h"
#include "bench/run/machine.h"
#include "bench/run/phases.h"
#include "bench/run/report.h"

namespace {

using namespace sojourn::bench;
namespace base = sojourn::base;

struct Options {
  PhaseSetup setup;
  int rounds = 3;
  std::uint64_t waiting = 1'000'000;
  std::uint64_t overdue = 1'000'000;
  double intake_per_second = 1'000;  // beside the overdue
  std::uint64_t due = 200'000;
  std::string subject = "daemon";
  std::filesystem::path programs;  // the folder that all programs are in
  std::vector<std::string> parts;  // empty: all
  std::string markdown_file;
  bool enforce = false;
};

class Bench {
 public:
  explicit Bench(Options options)
      : options_(std::move(options)),
        contest_{[this] { return make_floor(options_.programs / "bench-floor"); },
                 [this] { return make_subject(); }, options_.subject, options_.rounds},
        sink_([this] { return make_sink(options_.programs / "bench-sink"); }),
        sandbox_([this] { return make_sandbox(options_.programs / "sojourn"); }) {}

  Report run() {
    report_.machine = value_or_give_up("machine", describe_machine(options_.setup.dir));
    report_.subject_name = against_daemon() ? "daemon" : "floor again";
    if (wants("starts")) starts();
    if (wants("journeys")) {
      journeys("bare sink", sink_, Bar{Bar::Kind::kRatioAtLeast, 0.18},
               Bar{Bar::Kind::kRatioAtMost, 5});
      if (against_daemon()) journeys("full sandbox", sandbox_, {}, {});
    }
    if (wants("lateness")) lateness();
    if (wants("waiting") && options_.waiting > 0) waiting();
    if (wants("overdue") && options_.overdue > 0 && against_daemon()) overdue();
    if (wants("intake")) add(intake_rows(contest_, options_.setup, sink_));
    if (wants("sends") && options_.due > 0) {
      add(sends_rows(contest_, options_.setup, sink_, options_.due));
    }
    if (wants("ask") && against_daemon()) add(ask_rows(contest_, options_.setup, sink_));
    if (!against_daemon()) {
      for (auto& row : report_.rows) row.bar.reset();
    }
    return report_;
  }

 private:
  bool against_daemon() const { return options_.subject == "daemon"; }
  bool wants(const std::string& part) const {
    return options_.parts.empty() ||
           std::ranges::find(options_.parts, part) != options_.parts.end();
  }
  std::unique_ptr<System> make_subject() const {
    return against_daemon() ? make_daemon(options_.programs / "sojourn")
                            : make_floor(options_.programs / "bench-floor");
  }

  void starts() {
    ReportRow rate{"durable starts/s", {}, {}, Bar{Bar::Kind::kRatioAtLeast, 0.17}};
    ReportRow cpu{"CPU s per 1,000 starts", {}, {}, {}};
    ReportRow latency{"latency of a start at full load, p99 ms", {}, {}, {}};
    in_turns(
        contest_, "starts", contest_.rounds,
        [&](const MakeSystem& system) { return measure_starts(options_.setup, system, sink_); },
        [&](const Starts& s, std::vector<double> ReportRow::* side) {
          (rate.*side).push_back(s.per_second);
          (cpu.*side).push_back(s.cpu_s_per_1000);
          (latency.*side).push_back(s.latency_ms_p99);
        });
    add({rate, cpu, latency});
  }

  void journeys(const std::string& against, const MakeReceiver& receiver,
                std::optional<Bar> rate_bar, std::optional<Bar> cpu_bar) {
    ReportRow rate{fmt::format("journeys/s, {}", against), {}, {}, rate_bar};
    ReportRow cpu{fmt::format("CPU s per 1,000 journeys, {}", against), {}, {}, cpu_bar};
    in_turns(
        contest_, "journeys, " + against, contest_.rounds,
        [&](const MakeSystem& system) {
          return measure_journeys(options_.setup, system, receiver);
        },
        [&](const Journeys& j, std::vector<double> ReportRow::* side) {
          (rate.*side).push_back(j.per_second);
          (cpu.*side).push_back(j.cpu_s_per_1000);
        });
    add({rate, cpu});
  }

  void lateness() {
    ReportRow p50{"message 2 late at 200 starts/s, p50 ms", {}, {}, {}};
    ReportRow p99{"message 2 late at 200 starts/s, p99 ms", {}, {}, {}};
    in_turns(
        contest_, "lateness", 1,
        [&](const MakeSystem& system) { return measure_lateness(options_.setup, system, sink_); },
        [&](const Lateness& l, std::vector<double> ReportRow::* side) {
          (p50.*side).push_back(l.ms_p50);
          (p99.*side).push_back(l.ms_p99);
        });
    add({p50, p99});
  }

  void waiting() {
    const std::string people = number(static_cast<double>(options_.waiting));
    ReportRow memory{"resident memory with " + people + " waiting, MB",
                     {},
                     {},
                     Bar{Bar::Kind::kSubjectBelow, 150}};
    ReportRow serving{"kill -9 to serving with " + people + " waiting, s",
                      {},
                      {},
                      Bar{Bar::Kind::kSubjectBelow, 1}};
    ReportRow disk{"disk bytes per waiting user: identity, enrollment, timer",
                   {},
                   {},
                   Bar{Bar::Kind::kSubjectBelow, 400}};
    ReportRow other{"disk bytes per waiting user: dedup, history, log, rest", {}, {}, {}};
    in_turns(
        contest_, "waiting", 1,
        [&](const MakeSystem& system) {
          return measure_waiting(options_.setup, system, sink_, options_.waiting);
        },
        [&](const Waiting& w, std::vector<double> ReportRow::* side) {
          (memory.*side).push_back(w.resident_mb);
          (serving.*side).push_back(w.serving_seconds);
          (disk.*side).push_back(w.disk_bytes_per_person);
          (other.*side).push_back(w.other_bytes_per_person);
          if (side == &ReportRow::subject) note_parts(w.disk);
        });
    add({memory, serving, disk, other});
  }

  // The floor has no clock of its own that could be set back, so nothing stands beside it.
  void overdue() {
    const std::string people = number(static_cast<double>(options_.overdue));
    const std::string phase = people + " overdue";
    fmt::print(stderr, "{}\n", phase);
    const Overdue o =
        value_or_give_up(phase, measure_overdue(options_.setup, contest_.subject, sink_,
                                                options_.overdue, options_.intake_per_second));
    add({{people + " overdue at once, worked off per second",
          {},
          {o.per_second},
          Bar{Bar::Kind::kSubjectAtLeast, 8'000}},
         {fmt::format("an event meanwhile, at {}/s, p50 ms", number(o.intake_per_second)),
          {},
          {o.intake_ms_p50},
          {}},
         {"the same, p99 ms", {}, {o.intake_ms_p99}, Bar{Bar::Kind::kSubjectBelow, 100}},
         {"the most resident memory meanwhile, MB", {}, {o.resident_mb}, {}}});
  }

  void note_parts(const DiskUse& disk) {
    std::string note = "disk bytes per waiting user, by table:";
    for (const auto& [name, bytes] : disk.by_part) {
      const double each = bytes / static_cast<double>(options_.waiting);
      if (each >= 0.05) note += fmt::format(" `{}` {:.1f},", name, each);
    }
    note.pop_back();
    report_.notes.push_back(std::move(note));
  }

  void add(const std::vector<ReportRow>& rows) {
    report_.rows.insert(report_.rows.end(), rows.begin(), rows.end());
  }

  Options options_;
  Contest contest_;
  MakeReceiver sink_, sandbox_;
  Report report_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  options.setup.dir = options.programs.parent_path() / "bench-data";
  CLI::App app{"measures the daemon against the floor", "sojourn-bench"};
  app.add_option("--subject", options.subject, "what is compared with the floor")
      ->check(CLI::IsMember({"daemon", "floor"}));
  app.add_option("--rounds", options.rounds)->check(CLI::Range(1, 100));
  app.add_option("--seconds", options.setup.seconds, "of load in each measurement")
      ->check(CLI::Range(1.0, 600.0));
  app.add_option("--connections", options.setup.connections, "of the load generator")
      ->check(CLI::Range(1, 1024));
  app.add_option("--waiting", options.waiting, "people who wait; 0 leaves that part out");
  app.add_option("--overdue", options.overdue,
                 "people whose waits ended long ago; 0 leaves that part out");
  app.add_option("--intake", options.intake_per_second, "events a second beside the overdue")
      ->check(CLI::PositiveNumber);
  app.add_option("--due", options.due, "sends due at once; 0 leaves that part out");
  app.add_option("--parts", options.parts, "of the table; all without this")
      ->check(CLI::IsMember(
          {"starts", "journeys", "lateness", "waiting", "overdue", "intake", "sends", "ask"}));
  app.add_option("--dir", options.setup.dir, "where databases are written; must be on a disk");
  app.add_option("--programs", options.programs, "folder of the programs that are started");
  app.add_option("--markdown", options.markdown_file, "also write the table to this file");
  app.add_flag("--enforce", options.enforce, "end with 1 when a bar is missed");
  CLI11_PARSE(app, argc, argv);

  std::filesystem::create_directories(options.setup.dir);
  const bool enforce = options.enforce;
  const auto markdown_file = options.markdown_file;
  const Report report = Bench(std::move(options)).run();
  fmt::print("{}", as_text(report));
  if (!markdown_file.empty()) std::ofstream(markdown_file) << as_markdown(report);
  const bool all_met = std::all_of(report.rows.begin(), report.rows.end(),
                                   [](const ReportRow& row) { return row.meets_bar(); });
  return enforce && !all_met ? EXIT_FAILURE : EXIT_SUCCESS;
}
