// The queues of what is planned (store::WaitingLane) have numbers; these are the lanes' own. They
// are stored: one that stands for another lane in a later program puts what waits there behind
// that one, until it is next looked at.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/shard_input.h"

namespace sojourn::runtime {

// Of what an older schema left, and of what no lane of the program is for.
inline constexpr std::uint32_t kUnsortedLane = 0;

std::uint32_t lane_number(Endpoint endpoint);
// Of a host of webhooks: of its name, so that it stays when others come and go. Two hosts may have
// the same, though hardly ever; then they wait in one queue.
std::uint32_t lane_number_of_host(std::string_view host);

}  // namespace sojourn::runtime
