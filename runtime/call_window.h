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
  // By which number the store knows it (lane_number.h); kUnsortedLane for one that is not declared.
  std::uint32_t number_of(std::string_view webhook) const;
  // By that number; null: not one of these.
  Lane* find(std::uint32_t number);
  void pause_all(base::Instant until);
  void end_pauses();

  std::uint32_t in_flight() const { return in_flight_of(lanes_); }
  void report(base::Instant now, std::vector<LaneReport>& into);

 private:
  StringMap<std::size_t> lane_of_;      // by webhook
  std::vector<std::string> hosts_;      // by lane
  std::vector<std::uint32_t> numbers_;  // the same
  std::vector<Lane> lanes_;
};

}  // namespace sojourn::runtime
