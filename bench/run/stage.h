// What the phases share: a system and its receiver at work in a folder that was empty, load on
// the system, and the wait until the receiver has everything.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "base/result.h"
#include "bench/load/load.h"
#include "bench/run/system.h"

namespace sojourn::bench {

struct PhaseSetup {
  std::filesystem::path dir;  // what a phase writes goes into a folder of it
  double seconds = 10;        // of load per phase
  int connections = 64;
};

using MakeSystem = std::function<std::unique_ptr<System>()>;
using MakeReceiver = std::function<std::unique_ptr<Receiver>()>;

struct Stage {
  std::filesystem::path dir;
  Workload workload;
  std::unique_ptr<Receiver> receiver;
  std::unique_ptr<System> system;

  // Starts the system, anew after a stop: on what it left in the folder.
  base::Status start() { return system->start(dir, receiver->port(), workload); }
};

base::Result<Stage> set_up(const PhaseSetup& setup, const MakeSystem& system,
                           const MakeReceiver& receiver, const Workload& workload);

// Events of new users, in a closed loop over the connections of the setup.
LoadOptions load_on(const Stage& stage, const PhaseSetup& setup);

// A load that is measured, and the CPU of the system's process meanwhile.
struct MeasuredLoad {
  LoadReport load;
  double cpu_s_per_1000 = 0;  // events that were answered 200
};
base::Result<MeasuredLoad> run_measured(const Stage& stage, const LoadOptions& options);

// Waits until the receiver has `expected` messages, looking every `every_ms`; an error when
// none came for half a minute.
base::Status drain(Receiver& receiver, std::uint64_t expected, long every_ms = 10);

// Stops the system; an error unless its files hold so many events.
base::Status stop_and_count(Stage& stage, std::uint64_t expected_events);

void pause_ms(long milliseconds);
double seconds_since(std::int64_t begin_micros);

}  // namespace sojourn::bench
