// How full and how late a shard is, for whoever looks after it. Nothing is decided by it. A value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "runtime/histogram.h"
#include "runtime/lane.h"
#include "runtime/overdue_gate.h"

namespace sojourn::runtime {

// The queue of a journey with `pace`: how long the last who came has to wait.
struct PaceReport {
  std::string_view journey;  // belongs to the shard
  base::Millis wait;
};

// What is used of a bound.
struct Fill {
  std::size_t used = 0;
  std::size_t limit = 0;
};

struct ShardGauges {
  std::vector<LaneReport> endpoints;  // in the order of Endpoint
  std::vector<LaneReport> hosts;      // of webhooks
  Fill fan_out_users;                 // who are still to get an event for many
  Fill parked;                        // of the endpoint that has most
  Fill dead_letters;
  Fill user_cache_bytes;
  Fill split_units;  // of the split that has most
  std::vector<PaceReport> paces;
  bool census_is_on = false;
  OverdueView overdue;
  // Of the oldest that is due and was not claimed yet; zero: nothing waits.
  base::Millis deliveries_behind;
  Histogram lateness;  // of each timer that was taken: after it was due
  Histogram commits;   // how long the store took for each
};

}  // namespace sojourn::runtime
