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
  void pause_all(base::Instant until);
  void end_pauses();

  // Claims that are possible over all endpoints at `now`.
  std::size_t room(base::Instant now) { return room_of(lanes_, now); }
  std::uint32_t in_flight() const { return in_flight_of(lanes_); }
  // When the first that is shut at `now` opens by itself; kNever when none does.
  base::Instant next_opening(base::Instant now) { return next_opening_of(lanes_, now); }
  void report(base::Instant now, std::vector<LaneReport>& into);

 private:
  std::vector<Lane> lanes_;  // by endpoint
};

}  // namespace sojourn::runtime
