// How much may be in flight, endpoint by endpoint. A claimed delivery whose
// outcome is not recorded yet is in doubt if the process dies, so this window is
// the bound on what a crash can double. Owned by the shard, on its thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "runtime/shard_input.h"

namespace sojourn::runtime {

class OutboxWindow {
 public:
  explicit OutboxWindow(std::uint32_t max_in_doubt) : max_in_doubt_(max_in_doubt) {}

  // Whether one more may be claimed at `now`.
  bool open(Endpoint endpoint, base::Instant now) const {
    const State& state = states_[index(endpoint)];
    return state.in_flight < max_in_doubt_ && state.paused_until <= now;
  }
  void claim(Endpoint endpoint) { ++states_[index(endpoint)].in_flight; }
  void end(Endpoint endpoint);
  // Nothing of this endpoint leaves before `until`.
  void pause(Endpoint endpoint, base::Instant until);
  void pause_all(base::Instant until);
  base::Instant paused_until(Endpoint endpoint) const {
    return states_[index(endpoint)].paused_until;
  }

  // Claims that are still possible over all endpoints at `now`.
  std::size_t room(base::Instant now) const;
  std::uint32_t in_flight() const;
  // When the first pause that holds at `now` ends; kNever when none holds.
  base::Instant next_opening(base::Instant now) const;

 private:
  struct State {
    std::uint32_t in_flight = 0;
    base::Instant paused_until;
  };
  static std::size_t index(Endpoint endpoint) { return static_cast<std::size_t>(endpoint); }

  std::uint32_t max_in_doubt_;
  std::array<State, kEndpointCount> states_;
};

}  // namespace sojourn::runtime
