// How much may be in flight, endpoint by endpoint. A claimed delivery whose
// outcome is not recorded yet is in doubt if the process dies, so this window is
// the bound on what a crash can double. Owned by the shard, on its thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/instant.h"
#include "runtime/endpoint_budgets.h"
#include "runtime/lane.h"
#include "runtime/shard_input.h"

namespace sojourn::runtime {

class OutboxWindow {
 public:
  explicit OutboxWindow(std::uint32_t max_in_doubt, const EndpointBudgets& budgets = {});

  Lane& lane(Endpoint endpoint) { return lanes_[static_cast<std::size_t>(endpoint)]; }
  // By its number (lane_number.h); null: not one of these.
  Lane* find(std::uint32_t number);
  void pause_all(base::Instant until);
  void end_pauses();

  std::uint32_t in_flight() const { return in_flight_of(lanes_); }
  void report(base::Instant now, std::vector<LaneReport>& into);

 private:
  std::vector<Lane> lanes_;  // by endpoint
};

}  // namespace sojourn::runtime
