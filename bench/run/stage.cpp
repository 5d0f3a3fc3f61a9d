#include "bench/run/stage.h"

#include <fmt/format.h>
#include <time.h>

#include "bench/wire/clock.h"

namespace sojourn::bench {
namespace {

constexpr std::int64_t kNoProgressMicros = 30'000'000;

}  // namespace

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

base::Result<MeasuredLoad> run_measured(const Stage& stage, const LoadOptions& options) {
  const double cpu_before = cpu_seconds(stage.system->pid());
  const auto load = run_load(options);
  if (!load) return tl::unexpected(load.error());
  const double cpu = cpu_seconds(stage.system->pid()) - cpu_before;
  return MeasuredLoad{*load, cpu * 1000 / static_cast<double>(load->acknowledged)};
}

base::Status drain(Receiver& receiver, std::uint64_t expected, long every_ms) {
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

base::Status stop_and_count(Stage& stage, std::uint64_t expected_events) {
  if (auto stopped = stage.system->stop(); !stopped) return stopped;
  const auto kept = stage.system->kept_events(stage.dir);
  if (!kept) return tl::unexpected(kept.error());
  if (*kept == expected_events) return {};
  return base::failure(
      base::Error::Kind::kInvalid,
      fmt::format("{} events were answered 200, {} are on disk", expected_events, *kept));
}

void pause_ms(long milliseconds) {
  const timespec time{0, milliseconds * 1'000'000};
  nanosleep(&time, nullptr);
}

double seconds_since(std::int64_t begin_micros) {
  return static_cast<double>(monotonic_micros() - begin_micros) / 1e6;
}

}  // namespace sojourn::bench
