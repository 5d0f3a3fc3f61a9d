// How much may be in flight, endpoint by endpoint. A claimed delivery whose
// outcome is not recorded yet is in doubt if the process dies, so this window is
// the bound on what a crash can double. Owned by the shard, on its thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "runtime/lane.h"
#include "runtime/shard_input.h"

namespace sojourn::runtime {

class OutboxWindow {
 public:
  explicit OutboxWindow(std::uint32_t max_in_doubt) : max_in_doubt_(max_in_doubt) {}

  // Whether one more may be claimed at `now`.
  bool open(Endpoint endpoint, base::Instant now) const {
    return lanes_[index(endpoint)].open(max_in_doubt_, now);
  }
  void claim(Endpoint endpoint) { ++lanes_[index(endpoint)].in_flight; }
  void end(Endpoint endpoint) { lanes_[index(endpoint)].end(); }
  // Nothing of this endpoint leaves before `until`.
  void pause(Endpoint endpoint, base::Instant until) { lanes_[index(endpoint)].pause(until); }
  void pause_all(base::Instant until);
  base::Instant paused_until(Endpoint endpoint) const {
    return lanes_[index(endpoint)].paused_until;
  }

  // Claims that are still possible over all endpoints at `now`.
  std::size_t room(base::Instant now) const;
  std::uint32_t in_flight() const;
  std::uint32_t in_flight(Endpoint endpoint) const { return lanes_[index(endpoint)].in_flight; }
  // When the first pause that holds at `now` ends; kNever when none holds.
  base::Instant next_opening(base::Instant now) const;

 private:
  static std::size_t index(Endpoint endpoint) { return static_cast<std::size_t>(endpoint); }

  std::uint32_t max_in_doubt_;
  std::array<Lane, kEndpointCount> lanes_;
};

}  // namespace sojourn::runtime
