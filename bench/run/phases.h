// One measurement of one system, each in a fresh directory. A phase starts the
// receiver and the system, drives it, checks that the work was really done, and
// stops both. CPU is that of the system's process alone, from the first event on.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "bench/run/disk_use.h"
#include "bench/run/stage.h"

namespace sojourn::bench {

// Events of new users who then wait 30 days: intake and enrollment, nothing else.
struct Starts {
  double per_second = 0;
  double cpu_s_per_1000 = 0;
  double latency_ms_p99 = 0;
};
base::Result<Starts> measure_starts(const PhaseSetup& setup, const MakeSystem& system,
                                    const MakeReceiver& receiver);

// The whole journey with a wait of 1 s. The rate counts from the first event
// until the last message 2 was received, that second included.
struct Journeys {
  double per_second = 0;
  double cpu_s_per_1000 = 0;
};
base::Result<Journeys> measure_journeys(const PhaseSetup& setup, const MakeSystem& system,
                                        const MakeReceiver& receiver);

// At 200 events a second: how much later than 1 s after message 1 message 2 came.
struct Lateness {
  double ms_p50 = 0;
  double ms_p99 = 0;
};
base::Result<Lateness> measure_lateness(const PhaseSetup& setup, const MakeSystem& system,
                                        const MakeReceiver& receiver);

// With `people` waiting 30 days: memory, kill -9 until an event was answered
// 200 by a new process, and the disk after a clean stop.
struct Waiting {
  double resident_mb = 0;
  double serving_seconds = 0;
  double disk_bytes_per_person = 0;
  double other_bytes_per_person = 0;
  DiskUse disk;
};
base::Result<Waiting> measure_waiting(const PhaseSetup& setup, const MakeSystem& system,
                                      const MakeReceiver& receiver, std::uint64_t people);

// `people` whose waits had all ended at one instant, long before the daemon was started: how
// fast they are worked off, from its start on, and what an event meets meanwhile, at
// `intake_per_second` of new people.
struct Overdue {
  double per_second = 0;
  double intake_per_second = 0;  // that were answered
  double intake_ms_p50 = 0;
  double intake_ms_p99 = 0;
  double resident_mb = 0;  // the most that was seen
};
base::Result<Overdue> measure_overdue(const PhaseSetup& setup, const MakeSystem& system,
                                      const MakeReceiver& receiver, std::uint64_t people,
                                      double intake_per_second);

}  // namespace sojourn::bench
