#include "bench/run/iterable_rows.h"

#include <fmt/format.h>

#include "bench/run/iterable_phases.h"

namespace sojourn::bench {
namespace {

constexpr std::uint64_t kKnownPeople = 100'000;
constexpr int kBulkEvents = 100;
// With today a week. One day less than ids are kept, so that none is dropped at midnight.
constexpr int kDaysBefore = 6;
constexpr double kAskedPerSecond = 1'000;
constexpr double kConnectionsToSink = 64;  // that the daemon is allowed; the floor has as many

std::vector<ReportRow> intake_rows_of(const Contest& contest, const PhaseSetup& setup,
                                      const MakeReceiver& sink, const std::string& name,
                                      const IntakeWork& work, std::optional<Bar> bar) {
  ReportRow rate{name + ", per second", {}, {}, bar};
  ReportRow cpu{"CPU s per 1,000 of them", {}, {}, {}};
  ReportRow latency{"latency of a request, p99 ms", {}, {}, {}};
  in_turns(
      contest, name, contest.rounds,
      [&](const MakeSystem& system) { return measure_intake(setup, system, sink, work); },
      [&](const Intake& intake, std::vector<double> ReportRow::* side) {
        (rate.*side).push_back(intake.per_second);
        (cpu.*side).push_back(intake.cpu_s_per_1000);
        (latency.*side).push_back(intake.latency_ms_p99);
      });
  return {rate, cpu, latency};
}

void append(std::vector<ReportRow>& rows, const std::vector<ReportRow>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
}

}  // namespace

std::vector<ReportRow> intake_rows(const Contest& contest, const PhaseSetup& setup,
                                   const MakeReceiver& sink) {
  using Kind = EventStream::Kind;
  std::vector<ReportRow> rows;
  const auto measure = [&](const std::string& name, const IntakeWork& work,
                           std::optional<Bar> bar) {
    append(rows, intake_rows_of(contest, setup, sink, name, work, bar));
  };
  const Bar in_bulk{Bar::Kind::kSubjectAtLeast, 20'000};
  const Bar one_by_one{Bar::Kind::kSubjectAtLeast, 10'000};
  const IntakeWork visits{Kind::kVisit, kBulkEvents, kKnownPeople};
  const IntakeWork week{Kind::kVisit, kBulkEvents, kKnownPeople, false, kDaysBefore};
  const IntakeWork kept_visits{Kind::kVisit, kBulkEvents, kKnownPeople, true};
  measure("trackBulk: visits of known people", visits, in_bulk);
  measure("trackBulk: the same, with the ids of a week on disk", week, in_bulk);
  measure("trackBulk: the same, kept and looked back at", kept_visits, {});
  measure("trackBulk: visits of new people", {Kind::kVisit, kBulkEvents}, {});
  measure("trackBulk: starts", {Kind::kSignup, kBulkEvents}, {});
  measure("track: visits of known people", {Kind::kVisit, 1, kKnownPeople}, one_by_one);
  return rows;
}

std::vector<ReportRow> sends_rows(const Contest& contest, const PhaseSetup& setup,
                                  const MakeReceiver& sink, std::uint64_t people) {
  const std::string name = number(static_cast<double>(people)) + " sends due at once";
  ReportRow rate{
      name + ", first to last, per second", {}, {}, Bar{Bar::Kind::kSubjectAtLeast, 10'000}};
  ReportRow connections{"connections to the sink, the most at once",
                        {},
                        {},
                        Bar{Bar::Kind::kSubjectBelow, kConnectionsToSink + 1}};
  ReportRow cpu{"CPU s per 1,000 sends, from the start on", {}, {}, {}};
  in_turns(
      contest, name, contest.rounds,
      [&](const MakeSystem& system) { return measure_sends(setup, system, sink, people); },
      [&](const Sends& sends, std::vector<double> ReportRow::* side) {
        (rate.*side).push_back(sends.per_second);
        (connections.*side).push_back(sends.connections);
        (cpu.*side).push_back(sends.cpu_s_per_1000);
      });
  return {rate, connections, cpu};
}

std::vector<ReportRow> ask_rows(const Contest& contest, const PhaseSetup& setup,
                                const MakeReceiver& sink) {
  const std::string at = fmt::format("an event at {}/s", number(kAskedPerSecond));
  ReportRow p50{at + ", p50 ms", {}, {}, {}};
  ReportRow p99{at + ", p99 ms", {}, {}, {}};
  ReportRow asked_p50{"the same asked first, p50 ms", {}, {}, {}};
  ReportRow asked_p99{"the same asked first, p99 ms", {}, {}, {}};
  ReportRow added{"what asking adds to the p99, ms", {}, {}, Bar{Bar::Kind::kSubjectBelow, 20}};
  const auto measure = [&](const MakeSystem& system, bool asks) {
    return measure_answers(setup, system, sink, kKnownPeople, kAskedPerSecond, asks);
  };
  for (int round = 1; round <= contest.rounds; ++round) {
    in_turns(
        contest, at, 1, [&](const MakeSystem& system) { return measure(system, false); },
        [&](const Answers& answers, std::vector<double> ReportRow::* side) {
          (p50.*side).push_back(answers.latency_ms_p50);
          (p99.*side).push_back(answers.latency_ms_p99);
        });
    const auto phase = fmt::format("{}, asked first, round {} of {}", at, round, contest.rounds);
    fmt::print(stderr, "{}\n", phase);
    const Answers asked = value_or_give_up(phase, measure(contest.subject, true));
    asked_p50.subject.push_back(asked.latency_ms_p50);
    asked_p99.subject.push_back(asked.latency_ms_p99);
    added.subject.push_back(asked.latency_ms_p99 - p99.subject.back());
  }
  return {p50, p99, asked_p50, asked_p99, added};
}

}  // namespace sojourn::bench
