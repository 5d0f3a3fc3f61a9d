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

  // `webhook` is a declared one.
  bool open(std::string_view webhook, base::Instant now) const;
  void claim(std::string_view webhook) { ++lane(webhook).in_flight; }
  void end(std::string_view webhook) { lane(webhook).end(); }
  // Nothing leaves for its host before `until`.
  void pause(std::string_view webhook, base::Instant until) { lane(webhook).pause(until); }
  void pause_all(base::Instant until);
  base::Instant paused_until(std::string_view webhook) const { return lane(webhook).paused_until; }

  std::size_t room(base::Instant now) const;
  std::uint32_t in_flight() const;
  base::Instant next_opening(base::Instant now) const;

 private:
  std::size_t index(std::string_view webhook) const;
  Lane& lane(std::string_view webhook) { return lanes_[index(webhook)]; }
  const Lane& lane(std::string_view webhook) const { return lanes_[index(webhook)]; }

  const std::uint32_t limit_;
  StringMap<std::size_t> lane_of_;  // by webhook
  std::vector<Lane> lanes_;
};

}  // namespace sojourn::runtime
