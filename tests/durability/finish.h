// Lives everybody's journey to its end, and counts what came of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/store/store.h"
#include "tests/durability/watched_shard.h"

namespace sojourn::durability {

// Goes from one due instant to the next, with every attempt accepted, until
// nothing is left to do. Returns each attempt that was handed out, by key.
std::map<store::DeliveryKey, std::vector<std::uint32_t>> finish(WatchedShard& shard,
                                                                base::Instant now);

// Sums of the counters whose names begin with `family/welcome/`.
std::int64_t total(store::Store& store, const std::string& family);
// Of one name; 0 when nothing was counted.
std::int64_t counter(store::Store& store, const std::string& wanted);

}  // namespace sojourn::durability
