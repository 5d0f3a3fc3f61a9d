// Senders that want to be rid of events at a rate, whatever they are answered: each of their
// connections has a thread and sends a bulk of events as soon as it is due, and nobody heeds a
// Retry-After. Started and waited for on one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/e2e/system.h"

namespace sojourn::faults {

struct OfferedLoad {
  static constexpr int kBulk = 50;  // events in a request, each of a person of their own

  int connections = 8;
  double events_per_second = 0;  // 0: each sends the next as soon as it is answered
  std::int64_t millis = 4'000;
  std::string people;  // part of every name; no two loads share it
};

struct LoadResult {
  std::vector<std::string> acknowledged;  // emails
  std::uint64_t offered = 0;              // events
  std::uint64_t turned_away = 0;          // events in requests that were answered 429
  std::uint64_t others = 0;               // requests that were answered otherwise, or not at all
  std::int64_t millis = 0;                // until the last answer

  double per_second() const;  // acknowledged
};

LoadResult offer(const OfferedLoad& load, e2e::Daemon& daemon);

}  // namespace sojourn::faults
