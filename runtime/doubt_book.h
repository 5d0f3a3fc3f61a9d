// Messages whose answer never came and that wait for a look-up: how many of each endpoint. They
// have a bound of their own, apart from claims, so
// that what is not known of some messages stops nobody else's. Their number is a durable
// counter, written by the commit that parks or ends one. Owned by the shard, on its thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/result.h"
#include "runtime/shard_input.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

struct TurnRecord;

class DoubtBook {
 public:
  explicit DoubtBook(std::uint32_t max_parked) : max_parked_(max_parked) {}

  base::Status load(store::Store& store);

  void park(Endpoint endpoint, TurnRecord& record);
  void unpark(Endpoint endpoint, TurnRecord& record);
  // Whether one more claim could still be parked, if no answer comes to any of those `in_flight`.
  bool has_room(Endpoint endpoint, std::uint32_t in_flight) const {
    return parked_[index(endpoint)] + in_flight < max_parked_;
  }
  std::uint32_t parked(Endpoint endpoint) const { return parked_[index(endpoint)]; }
  // Of the endpoint that has most.
  std::uint32_t most_parked() const { return *std::max_element(parked_.begin(), parked_.end()); }
  std::uint32_t max_parked() const { return max_parked_; }

 private:
  static std::size_t index(Endpoint endpoint) { return static_cast<std::size_t>(endpoint); }

  std::uint32_t max_parked_;
  std::array<std::uint32_t, kEndpointCount> parked_{};
};

}  // namespace sojourn::runtime
