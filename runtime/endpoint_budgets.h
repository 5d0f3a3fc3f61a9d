// How many requests a second each call to Iterable may be given. A value; read once at start.
#pragma once

#include <array>

#include "runtime/budget.h"
#include "runtime/shard_input.h"

namespace sojourn::runtime {

struct EndpointBudgets {
  // Of every budget: what we take; the rest is left to others who use the same project.
  double share = 1.0;
  // By endpoint; Budget::kUnlimited: none.
  std::array<double, kEndpointCount> per_second = unlimited();

  double of(Endpoint endpoint) const {
    return share * per_second[static_cast<std::size_t>(endpoint)];
  }

  // The limits that Iterable publishes (docs/iterable.md), of which four fifths are ours. It
  // publishes none for messages, lists and subscriptions.
  static EndpointBudgets published() {
    EndpointBudgets out;
    out.share = 0.8;
    out.per_second[static_cast<std::size_t>(Endpoint::kUsersUpdate)] = 500;
    out.per_second[static_cast<std::size_t>(Endpoint::kEventsTrack)] = 2000;
    out.per_second[static_cast<std::size_t>(Endpoint::kSentMessages)] = 3;
    out.per_second[static_cast<std::size_t>(Endpoint::kUsersDelete)] = 100;
    out.per_second[static_cast<std::size_t>(Endpoint::kUsersForget)] = 3;
    return out;
  }

 private:
  static constexpr std::array<double, kEndpointCount> unlimited() {
    std::array<double, kEndpointCount> out{};
    out.fill(Budget::kUnlimited);
    return out;
  }
};

}  // namespace sojourn::runtime
