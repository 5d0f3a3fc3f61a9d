// How much may be in flight to the services that journeys ask, host by host: webhooks on
// one host share its limit, and one that is slow holds up nobody but itself. As with
// OutboxWindow, what is in flight is what a crash can double. Owned by the shard, on its
// thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "graph/catalog.h"
#include "runtime/lane.h"
#include "runtime/string_map.h"

namespace sojourn::runtime {

class CallWindow {
 public:
  CallWindow(std::span<const graph::Webhook> webhooks, std::uint32_t max_in_doubt_per_host);

  // Of its host. `webhook` is a declared one.
  Lane& lane(std::string_view webhook);
  void pause_all(base::Instant until);
  void end_pauses();

  std::size_t room(base::Instant now) { return room_of(lanes_, now); }
  std::uint32_t in_flight() const { return in_flight_of(lanes_); }
  base::Instant next_opening(base::Instant now) { return next_opening_of(lanes_, now); }
  void report(base::Instant now, std::vector<LaneReport>& into);

 private:
  StringMap<std::size_t> lane_of_;  // by webhook
  std::vector<std::string> hosts_;  // by lane
  std::vector<Lane> lanes_;
};

}  // namespace sojourn::runtime
