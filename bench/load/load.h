// The load generator: events of one stream over kept connections, one request
// under way on each. Closed loop (the next event as soon as an answer came), or
// at a rate, where latency counts from the moment an event was due to leave. A
// 429 is obeyed: the connection rests for Retry-After and sends the same event,
// with the same id, again. Any other answer than 200 ends the run.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "bench/load/event_text.h"

namespace sojourn::bench {

struct LoadOptions {
  std::uint16_t port = 0;
  std::string api_key = "bench";
  EventStream stream;
  int connections = 64;
  int events_per_request = 1;    // more than 1: `trackBulk`
  double events_per_second = 0;  // 0: closed loop
  // Ends after this many events or this long, whichever comes first; 0: no bound
  // (one of the two, or `stop`, is needed).
  std::uint64_t max_events = 0;
  double max_seconds = 0;
  // Ends, too, once this is true; null: never. Outlives the run.
  const std::atomic<bool>* stop = nullptr;
};

struct LoadReport {
  std::uint64_t acknowledged = 0;  // events answered 200
  std::uint64_t refused = 0;       // requests answered 429
  std::int64_t first_sent_micros = 0;
  std::int64_t last_answer_micros = 0;
  double latency_ms_p50 = 0;
  double latency_ms_p99 = 0;

  double seconds() const {
    return static_cast<double>(last_answer_micros - first_sent_micros) / 1e6;
  }
  double per_second() const { return static_cast<double>(acknowledged) / seconds(); }
};

base::Result<LoadReport> run_load(const LoadOptions& options);

}  // namespace sojourn::bench
