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
  std::string subject = "daemon";
  std::filesystem::path programs;  // the folder that all programs are in
  std::vector<std::string> parts;  // empty: all
  std::string markdown_file;
  bool enforce = false;
};

[[noreturn]] void give_up(const std::string& phase, const base::Error& error) {
  fmt::print(stderr, "bench: {}: {}\n", phase, error.message);
  if (!error.hint.empty()) fmt::print(stderr, "  {}\n", error.hint);
  std::exit(2);
}

class Bench {
 public:
  explicit Bench(Options options)
      : options_(std::move(options)),
        floor_([this] { return make_floor(options_.programs / "bench-floor"); }),
        daemon_([this] { return make_daemon(options_.programs / "sojourn"); }),
        sink_([this] { return make_sink(options_.programs / "bench-sink"); }),
        sandbox_([this] { return make_sandbox(options_.programs / "sojourn"); }) {}

  Report run() {
    report_.machine = value("machine", describe_machine(options_.setup.dir));
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
  const MakeSystem& subject() const { return against_daemon() ? daemon_ : floor_; }

  template <typename T>
  T value(const std::string& phase, base::Result<T> result) {
    if (!result) give_up(phase, result.error());
    return std::move(*result);
  }

  // Runs `measure` on the floor, then on the subject, `rounds` times over, and
  // hands each result on with the columns it belongs to.
  template <typename Measure, typename Store>
  void in_turns(const std::string& phase, int rounds, Measure measure, Store store) {
    for (int round = 1; round <= rounds; ++round) {
      for (const bool is_floor : {true, false}) {
        const auto name = fmt::format("{}, {}, round {} of {}", phase,
                                      is_floor ? "floor" : options_.subject, round, rounds);
        fmt::print(stderr, "{}\n", name);
        store(value(name, measure(is_floor ? floor_ : subject())),
              is_floor ? &ReportRow::floor : &ReportRow::subject);
      }
    }
  }

  void starts() {
    ReportRow rate{"durable starts/s", {}, {}, Bar{Bar::Kind::kRatioAtLeast, 0.17}};
    ReportRow cpu{"CPU s per 1,000 starts", {}, {}, {}};
    ReportRow latency{"latency of a start at full load, p99 ms", {}, {}, {}};
    in_turns(
        "starts", options_.rounds,
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
        "journeys, " + against, options_.rounds,
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
        "lateness", 1,
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
        "waiting", 1,
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
    const Overdue o = value(phase, measure_overdue(options_.setup, daemon_, sink_, options_.overdue,
                                                   options_.intake_per_second));
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
  MakeSystem floor_, daemon_;
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
  app.add_option("--parts", options.parts, "of the table; all without this")
      ->check(CLI::IsMember({"starts", "journeys", "lateness", "waiting", "overdue"}));
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
