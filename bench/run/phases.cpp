#include "bench/run/phases.h"

#include <atomic>
#include <thread>

#include "bench/load/event_text.h"
#include "bench/wire/clock.h"
#include "bench/wire/http_channel.h"

namespace sojourn::bench {
namespace {

constexpr base::Millis kHold = base::days24(30);
constexpr base::Millis kDelay = base::seconds(1);
constexpr std::int64_t kServingMicros = 60'000'000;
// How long ago the waits of people who are overdue ended.
constexpr base::Millis kOverdueBy = base::days24(1);

// Sends one event, again and again until it is answered 200.
base::Status await_serving(const System& system) {
  const auto request = event_request({.run_name = "serving"}, kIntakeKey, 0, 1, wall_now());
  const std::int64_t deadline = monotonic_micros() + kServingMicros;
  while (monotonic_micros() < deadline) {
    const auto reply = http_exchange(system.port(), request);
    if (reply && reply->status == 200) return {};
    pause_ms(1);
  }
  return base::failure(base::Error::Kind::kUnavailable, "no event was accepted for 60 s");
}

}  // namespace

base::Result<Starts> measure_starts(const PhaseSetup& setup, const MakeSystem& system,
                                    const MakeReceiver& receiver) {
  auto stage = set_up(setup, system, receiver, {kHold, kDelay});
  if (!stage) return tl::unexpected(stage.error());
  LoadOptions options = load_on(*stage, setup);
  options.max_seconds = setup.seconds;
  const auto measured = run_measured(*stage, options);
  if (!measured) return tl::unexpected(measured.error());
  const LoadReport& load = measured->load;
  if (auto ok = stop_and_count(*stage, load.acknowledged); !ok) return tl::unexpected(ok.error());
  return Starts{load.per_second(), measured->cpu_s_per_1000, load.latency_ms_p99};
}

base::Result<Journeys> measure_journeys(const PhaseSetup& setup, const MakeSystem& system,
                                        const MakeReceiver& receiver) {
  auto stage = set_up(setup, system, receiver, {{}, kDelay});
  if (!stage) return tl::unexpected(stage.error());
  LoadOptions options = load_on(*stage, setup);
  options.max_seconds = setup.seconds;
  const double cpu_before = cpu_seconds(stage->system->pid());
  const auto load = run_load(options);
  if (!load) return tl::unexpected(load.error());
  const std::uint64_t people = load->acknowledged;
  if (auto ok = drain(*stage->receiver, 2 * people); !ok) return tl::unexpected(ok.error());
  const double seconds = seconds_since(load->first_sent_micros);
  const double cpu = cpu_seconds(stage->system->pid()) - cpu_before;
  if (auto ok = stage->receiver->check(people, 2); !ok) return tl::unexpected(ok.error());
  if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());
  const double journeys = static_cast<double>(people);
  return Journeys{journeys / seconds, cpu * 1000 / journeys};
}

base::Result<Lateness> measure_lateness(const PhaseSetup& setup, const MakeSystem& system,
                                        const MakeReceiver& receiver) {
  auto stage = set_up(setup, system, receiver, {{}, kDelay});
  if (!stage) return tl::unexpected(stage.error());
  LoadOptions options = load_on(*stage, setup);
  options.max_seconds = setup.seconds;
  options.events_per_second = 200;
  const auto load = run_load(options);
  if (!load) return tl::unexpected(load.error());
  if (auto ok = drain(*stage->receiver, 2 * load->acknowledged); !ok) {
    return tl::unexpected(ok.error());
  }
  const auto receipt = stage->receiver->check(load->acknowledged, 2);
  if (!receipt) return tl::unexpected(receipt.error());
  if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());
  const double delay_ms = static_cast<double>(kDelay.count);
  return Lateness{receipt->gap_ms_p50 - delay_ms, receipt->gap_ms_p99 - delay_ms};
}

base::Result<Waiting> measure_waiting(const PhaseSetup& setup, const MakeSystem& system,
                                      const MakeReceiver& receiver, std::uint64_t people) {
  auto stage = set_up(setup, system, receiver, {kHold, kDelay});
  if (!stage) return tl::unexpected(stage.error());
  LoadOptions options = load_on(*stage, setup);
  options.max_events = people;
  if (const auto load = run_load(options); !load) return tl::unexpected(load.error());

  Waiting out;
  out.resident_mb = static_cast<double>(resident_bytes(stage->system->pid())) / 1e6;
  const std::int64_t killed = monotonic_micros();
  stage->system->kill9();
  if (auto started = stage->start(); !started) return tl::unexpected(started.error());
  if (auto ok = await_serving(*stage->system); !ok) return tl::unexpected(ok.error());
  out.serving_seconds = seconds_since(killed);

  if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());
  auto disk = disk_use(stage->system->data_dir(stage->dir));
  if (!disk) return tl::unexpected(disk.error());
  out.disk = std::move(*disk);
  out.disk_bytes_per_person = out.disk.person_bytes() / static_cast<double>(people);
  out.other_bytes_per_person = out.disk.other_bytes() / static_cast<double>(people);
  return out;
}

namespace {

// What is measured beside the work at hand, on a thread of its own, until `end`.
class LoadBeside {
 public:
  explicit LoadBeside(LoadOptions options) : options_(std::move(options)) {
    options_.stop = &stop_;
    thread_ = std::thread([this] { report_ = run_load(options_); });
  }
  ~LoadBeside() { end(); }

  base::Result<LoadReport> end() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    return report_;
  }

 private:
  LoadOptions options_;
  std::atomic<bool> stop_ = false;
  base::Result<LoadReport> report_;
  std::thread thread_;
};

}  // namespace

base::Result<Overdue> measure_overdue(const PhaseSetup& setup, const MakeSystem& system,
                                      const MakeReceiver& receiver, std::uint64_t people,
                                      double intake_per_second) {
  Workload workload{kHold, kHold, wall_now() - kHold - kOverdueBy};
  auto stage = set_up(setup, system, receiver, workload);
  if (!stage) return tl::unexpected(stage.error());
  LoadOptions filling = load_on(*stage, setup);
  filling.max_events = people;
  filling.events_per_request = 100;
  if (const auto filled = run_load(filling); !filled) return tl::unexpected(filled.error());
  if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());

  stage->workload.clock.reset();
  const std::int64_t begin = monotonic_micros();
  if (auto started = stage->start(); !started) return tl::unexpected(started.error());
  LoadOptions intake = load_on(*stage, setup);
  intake.stream.run_name = "r1";
  intake.events_per_second = intake_per_second;
  LoadBeside beside(intake);
  if (auto ok = drain(*stage->receiver, people, 50); !ok) return tl::unexpected(ok.error());
  Overdue out;
  out.per_second = static_cast<double>(people) / seconds_since(begin);
  out.resident_mb = static_cast<double>(most_resident_bytes(stage->system->pid())) / 1e6;
  const auto load = beside.end();
  if (!load) return tl::unexpected(load.error());
  out.intake_per_second = load->per_second();
  out.intake_ms_p50 = load->latency_ms_p50;
  out.intake_ms_p99 = load->latency_ms_p99;
  if (auto ok = stage->receiver->check(people, 1); !ok) return tl::unexpected(ok.error());
  if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());
  return out;
}

}  // namespace sojourn::bench
