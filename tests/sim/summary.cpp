#include "tests/sim/summary.h"

#include <fmt/format.h>

namespace sojourn::sim {
namespace {

template <std::size_t N>
void add(std::array<std::uint64_t, N>& sum, const std::array<std::uint64_t, N>& more) {
  for (std::size_t i = 0; i < N; ++i) sum[i] += more[i];
}

std::string faults_of(const RunResult& run) {
  const auto& disk = run.storage_faults;
  const auto& net = run.mishaps;
  return fmt::format(
      "power cuts {}, kills {}, I/O errors {}, disks full {}; no connection {}, requests lost {}, "
      "answers lost {}, too late {}, refused {}, server errors {}; starts that failed {}, reloads "
      "{} ({} refused), clock jumps {}, commands {}",
      disk[0], disk[1], disk[2], disk[3], net[0], net[1], net[2], net[3], net[4], net[5],
      run.failed_starts, run.reloads, run.refused_reloads, run.clock_jumps, run.commands);
}

std::string outcome_of(const RunResult& run) {
  return fmt::format(
      "{} processes, {} turns, {} commits, {} disk calls; {} things said, {} messages, {} "
      "accepted, "
      "{} doubled (at most {}), {} waits over; {} events for many reached {}, {} were put off, {} "
      "people departed meanwhile, {} processes found some waiting; {} notices told, {} taken, {} "
      "repeated, {} given up, {} opt-outs, {} of messages without an outcome",
      run.processes, run.turns, run.commits, run.io_calls, run.said, run.messages, run.accepted,
      run.doubled, run.answers_lost, run.waits_over, run.fan_outs.taken, run.fan_outs.reached,
      run.fan_outs.put_off, run.fan_outs.crossed, run.fan_outs.resumed, run.notices.told,
      run.notices.taken, run.notices.repeated, run.notices.given_up, run.notices.opt_outs,
      run.notices.in_time);
}

// Of what was passed on.
std::string passed_on_of(const RunResult& run) {
  return fmt::format(
      "{} calls of senders passed on, {} accepted, {} doubled (at most {}), {} "
      "refused",
      run.passed_on, run.passed_on_accepted, run.passed_on_doubled, run.passed_on_answers_lost,
      run.passed_on_rejected);
}

}  // namespace

void Summary::add(const RunResult& run) {
  if (runs_ == 0) first_seed_ = run.seed;
  last_seed_ = run.seed;
  ++runs_;
  if (run.violation) ++violations_;
  sim::add(sum_.storage_faults, run.storage_faults);
  sim::add(sum_.mishaps, run.mishaps);
  sum_.lasted.count += run.lasted.count;
  sum_.io_calls += run.io_calls;
  sum_.processes += run.processes;
  sum_.failed_starts += run.failed_starts;
  sum_.reloads += run.reloads;
  sum_.refused_reloads += run.refused_reloads;
  sum_.clock_jumps += run.clock_jumps;
  sum_.commands += run.commands;
  sum_.commits += run.commits;
  sum_.turns += run.turns;
  sum_.waits_over += run.waits_over;
  sum_.said += run.said;
  sum_.messages += run.messages;
  sum_.accepted += run.accepted;
  sum_.doubled += run.doubled;
  sum_.answers_lost += run.answers_lost;
  if (run.passes_on) ++passing_on_;
  sum_.passed_on += run.passed_on;
  sum_.passed_on_accepted += run.passed_on_accepted;
  sum_.passed_on_doubled += run.passed_on_doubled;
  sum_.passed_on_answers_lost += run.passed_on_answers_lost;
  sum_.passed_on_rejected += run.passed_on_rejected;
  sum_.fan_outs.add(run.fan_outs);
  sum_.notices.add(run.notices);
}

std::string Summary::text() const {
  constexpr double kMillisPerYear = 365.25 * 86'400'000;
  return fmt::format(
      "{} seeds ({}..{}), {:.2f} virtual years, {} violations\n{}\n{}\nof {} seeds {}\n", runs_,
      first_seed_, last_seed_, static_cast<double>(sum_.lasted.count) / kMillisPerYear, violations_,
      faults_of(sum_), outcome_of(sum_), passing_on_, passed_on_of(sum_));
}

std::string newest_of(const RunResult& run) {
  std::string text = "\nthe last that happened:\n";
  for (const std::string& line : run.newest) text += "  " + line + "\n";
  return text;
}

std::string text_of(const RunResult& run) {
  std::string text = fmt::format("seed {}  trace {:016x}  virtual {}\n{}\n{}\n", run.seed, run.hash,
                                 since_start(run.lasted), faults_of(run), outcome_of(run));
  if (run.passes_on) text += passed_on_of(run) + "\n";
  if (!run.violation) return text;
  return text + newest_of(run) +
         fmt::format("\nviolated: {}, at {}\n  {}\n", to_string(run.violation->invariant),
                     since_start(run.lasted), run.violation->what);
}

}  // namespace sojourn::sim
