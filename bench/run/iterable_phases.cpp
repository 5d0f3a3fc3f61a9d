#include "bench/run/iterable_phases.h"

#include "bench/wire/clock.h"

namespace sojourn::bench {
namespace {

constexpr base::Millis kHold = base::days24(30);
constexpr base::Millis kDueFor = base::days24(1);
constexpr int kFillPerRequest = 100;
// More than anything sends here, so that the rate for what is overdue holds back nothing.
constexpr int kAllAtOnce = 1'000'000;

// Sends so many events of the stream, one after the other, in large requests.
base::Status fill(const Stage& stage, const PhaseSetup& setup, const EventStream& stream,
                  std::uint64_t events) {
  if (events == 0) return {};
  LoadOptions options = load_on(stage, setup);
  options.stream = stream;
  options.events_per_request = kFillPerRequest;
  options.max_events = events;
  if (const auto filled = run_load(options); !filled) return tl::unexpected(filled.error());
  return {};
}

// The machine's clock so many days ago, which a system is to live by; none: that of now.
std::optional<base::Instant> clock_of(int days_ago) {
  if (days_ago == 0) return std::nullopt;
  return wall_now() - base::days24(days_ago);
}

// Makes the people known by an event each on each of so many days before today, by which the
// system lives already, and today. Answers their events from there on.
base::Result<EventStream> known(Stage& stage, const PhaseSetup& setup, EventStream::Kind kind,
                                std::uint64_t people, int days_before) {
  EventStream stream;
  stream.kind = kind;
  stream.people = people;
  for (int day = days_before; day >= 0; --day) {
    if (day < days_before) {
      if (auto stopped = stage.system->stop(); !stopped) return tl::unexpected(stopped.error());
      stage.workload.clock = clock_of(day);
      if (auto started = stage.start(); !started) return tl::unexpected(started.error());
    }
    if (auto ok = fill(stage, setup, stream, people); !ok) return tl::unexpected(ok.error());
    stream.first += people;
  }
  return stream;
}

}  // namespace

base::Result<Intake> measure_intake(const PhaseSetup& setup, const MakeSystem& system,
                                    const MakeReceiver& receiver, const IntakeWork& work) {
  Workload workload{kHold, kHold};
  workload.clock = clock_of(work.days_before);
  workload.looks_back = work.looks_back;
  auto stage = set_up(setup, system, receiver, workload);
  if (!stage) return tl::unexpected(stage.error());
  auto stream = known(*stage, setup, work.kind, work.known_people, work.days_before);
  if (!stream) return tl::unexpected(stream.error());
  LoadOptions options = load_on(*stage, setup);
  options.stream = *stream;
  options.events_per_request = work.events_per_request;
  options.max_seconds = setup.seconds;
  const auto measured = run_measured(*stage, options);
  if (!measured) return tl::unexpected(measured.error());
  const LoadReport& load = measured->load;
  if (auto ok = stop_and_count(*stage, stream->first + load.acknowledged); !ok) {
    return tl::unexpected(ok.error());
  }
  return Intake{load.per_second(), measured->cpu_s_per_1000, load.latency_ms_p99};
}

base::Result<Answers> measure_answers(const PhaseSetup& setup, const MakeSystem& system,
                                      const MakeReceiver& receiver, std::uint64_t people,
                                      double per_second, bool asks) {
  auto stage = set_up(setup, system, receiver, {kHold, kHold});
  if (!stage) return tl::unexpected(stage.error());
  auto stream = known(*stage, setup, EventStream::Kind::kVisit, people, 0);
  if (!stream) return tl::unexpected(stream.error());
  if (asks) {
    if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());
    stage->workload.asks = true;
    if (auto started = stage->start(); !started) return tl::unexpected(started.error());
  }
  LoadOptions options = load_on(*stage, setup);
  options.stream = *stream;
  options.max_seconds = setup.seconds;
  options.events_per_second = per_second;
  const auto load = run_load(options);
  if (!load) return tl::unexpected(load.error());
  if (auto ok = stage->receiver->check_asked(asks ? load->acknowledged : 0); !ok) {
    return tl::unexpected(ok.error());
  }
  if (auto ok = stop_and_count(*stage, people + load->acknowledged); !ok) {
    return tl::unexpected(ok.error());
  }
  return Answers{load->per_second(), load->latency_ms_p50, load->latency_ms_p99};
}

base::Result<Sends> measure_sends(const PhaseSetup& setup, const MakeSystem& system,
                                  const MakeReceiver& receiver, std::uint64_t people) {
  Workload workload{kHold, kHold, wall_now() - kHold - kDueFor, kAllAtOnce};
  auto stage = set_up(setup, system, receiver, workload);
  if (!stage) return tl::unexpected(stage.error());
  if (auto ok = fill(*stage, setup, {}, people); !ok) return tl::unexpected(ok.error());
  if (auto ok = stop_and_count(*stage, people); !ok) return tl::unexpected(ok.error());

  stage->workload.clock.reset();
  if (auto started = stage->start(); !started) return tl::unexpected(started.error());
  if (auto ok = drain(*stage->receiver, people, 50); !ok) return tl::unexpected(ok.error());
  const double cpu = cpu_seconds(stage->system->pid());
  const auto receipt = stage->receiver->check(people, 1);
  if (!receipt) return tl::unexpected(receipt.error());
  if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());
  const double sends = static_cast<double>(people);
  return Sends{sends / receipt->seconds, receipt->connections, cpu * 1000 / sends};
}

}  // namespace sojourn::bench
