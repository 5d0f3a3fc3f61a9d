#include "bench/run/phases.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <thread>
#include <time.h>

#include "bench/load/event_text.h"
#include "bench/load/load.h"
#include "bench/wire/clock.h"
#include "bench/wire/http_channel.h"

namespace sojourn::bench {
namespace {

constexpr base::Millis kHold = base::days24(30);
constexpr base::Millis kDelay = base::seconds(1);
constexpr std::int64_t kNoProgressMicros = 30'000'000;
constexpr std::int64_t kServingMicros = 60'000'000;
// How long ago the waits of people who are overdue ended.
constexpr base::Millis kOverdueBy = base::days24(1);

// A system and its receiver at work in a folder that was empty.
struct Stage {
  std::filesystem::path dir;
  Workload workload;
  std::unique_ptr<Receiver> receiver;
  std::unique_ptr<System> system;

  base::Status start() { return system->start(dir, receiver->port(), workload); }
};

base::Result<Stage> set_up(const PhaseSetup& setup, const MakeSystem& system,
                           const MakeReceiver& receiver, const Workload& workload) {
  Stage stage{setup.dir / "phase", workload, receiver(), system()};
  std::filesystem::remove_all(stage.dir);
  std::filesystem::create_directories(stage.dir);
  if (auto ok = stage.receiver->start(stage.dir); !ok) return tl::unexpected(ok.error());
  if (auto ok = stage.start(); !ok) return tl::unexpected(ok.error());
  return stage;
}

LoadOptions load_on(const Stage& stage, const PhaseSetup& setup) {
  LoadOptions options;
  options.port = stage.system->port();
  options.api_key = kIntakeKey;
  options.connections = setup.connections;
  return options;
}

void pause_ms(long milliseconds) {
  const timespec time{0, milliseconds * 1'000'000};
  nanosleep(&time, nullptr);
}

// Waits until the receiver has `expected` messages, looking every `every_ms`; an error when
// none came for half a minute.
base::Status drain(Receiver& receiver, std::uint64_t expected, long every_ms = 10) {
  std::uint64_t before = 0;
  std::int64_t last_progress = monotonic_micros();
  for (;;) {
    const auto count = receiver.messages();
    if (!count) return tl::unexpected(count.error());
    if (*count >= expected) return {};
    const std::int64_t now = monotonic_micros();
    if (*count > before) last_progress = now;
    if (now - last_progress > kNoProgressMicros) {
      return base::failure(
          base::Error::Kind::kUnavailable,
          fmt::format("{} of {} messages came, then none for 30 s", *count, expected));
    }
    before = *count;
    pause_ms(every_ms);
  }
}

// Sends one event, again and again until it is answered 200.
base::Status await_serving(const System& system) {
  const auto request = event_request("serving", kIntakeKey, 0, 1, wall_now());
  const std::int64_t deadline = monotonic_micros() + kServingMicros;
  while (monotonic_micros() < deadline) {
    const auto reply = http_exchange(system.port(), request);
    if (reply && reply->status == 200) return {};
    pause_ms(1);
  }
  return base::failure(base::Error::Kind::kUnavailable, "no event was accepted for 60 s");
}

double seconds_since(std::int64_t begin_micros) {
  return static_cast<double>(monotonic_micros() - begin_micros) / 1e6;
}

}  // namespace

base::Result<Starts> measure_starts(const PhaseSetup& setup, const MakeSystem& system,
                                    const MakeReceiver& receiver) {
  auto stage = set_up(setup, system, receiver, {kHold, kDelay});
  if (!stage) return tl::unexpected(stage.error());
  LoadOptions options = load_on(*stage, setup);
  options.max_seconds = setup.seconds;
  const double cpu_before = cpu_seconds(stage->system->pid());
  const auto load = run_load(options);
  if (!load) return tl::unexpected(load.error());
  const double cpu = cpu_seconds(stage->system->pid()) - cpu_before;
  if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());
  return Starts{load->per_second(), cpu * 1000 / static_cast<double>(load->acknowledged),
                load->latency_ms_p99};
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
  if (auto gap = stage->receiver->check(people, 2); !gap) return tl::unexpected(gap.error());
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
  const auto gap = stage->receiver->check(load->acknowledged, 2);
  if (!gap) return tl::unexpected(gap.error());
  if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());
  const double delay_ms = static_cast<double>(kDelay.count);
  return Lateness{gap->ms_p50 - delay_ms, gap->ms_p99 - delay_ms};
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
  intake.run_name = "r1";
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
  if (auto gap = stage->receiver->check(people, 1); !gap) return tl::unexpected(gap.error());
  if (auto stopped = stage->system->stop(); !stopped) return tl::unexpected(stopped.error());
  return out;
}

}  // namespace sojourn::bench
