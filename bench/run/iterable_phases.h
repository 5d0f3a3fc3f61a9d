// How fast the ways from and to Iterable are, each in a fresh directory as in phases.h: intake by
// events of people who are in no journey, what a sender waits for when Iterable is asked first,
// and messages that are all due at once.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "bench/run/stage.h"

namespace sojourn::bench {

struct IntakeWork {
  EventStream::Kind kind = EventStream::Kind::kVisit;
  int events_per_request = 1;  // more than 1: `trackBulk`
  // So many people take turns, each of whom is known by an event before. 0: each event is of
  // somebody new.
  std::uint64_t known_people = 0;
  // Visits are kept, and a journey looks back at them (Workload::looks_back).
  bool looks_back = false;
  // Those who are known have sent an event on each of so many days before today, too: fewer than
  // ids are kept.
  int days_before = 0;
};

// In a closed loop; people who sign up wait 30 days. That all who were answered 200 are on disk is
// counted after a clean stop.
struct Intake {
  double per_second = 0;  // events
  double cpu_s_per_1000 = 0;
  double latency_ms_p99 = 0;  // of a request
};
base::Result<Intake> measure_intake(const PhaseSetup& setup, const MakeSystem& system,
                                    const MakeReceiver& receiver, const IntakeWork& work);

// Visits of `people` who are known, one in a request, at `per_second`; latency counts from when
// each was due to leave. `asks`: the receiver answers first, and is asked about each exactly once.
struct Answers {
  double per_second = 0;
  double latency_ms_p50 = 0;
  double latency_ms_p99 = 0;
};
base::Result<Answers> measure_answers(const PhaseSetup& setup, const MakeSystem& system,
                                      const MakeReceiver& receiver, std::uint64_t people,
                                      double per_second, bool asks);

// `people` whose waits ended at one instant before the system was started, each with a message.
struct Sends {
  double per_second = 0;   // between the first message and the last, at the receiver
  double connections = 0;  // that brought them, the most at once
  double cpu_s_per_1000 = 0;
};
base::Result<Sends> measure_sends(const PhaseSetup& setup, const MakeSystem& system,
                                  const MakeReceiver& receiver, std::uint64_t people);

}  // namespace sojourn::bench
