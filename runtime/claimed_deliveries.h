// The deliveries that are claimed and whose outcome has not come, as their rows
// say: an outcome need not read what it ends. Filled by committed turns and, after
// a restart, by what is found claimed. At most as many as the outbox window lets
// out, plus one batch of a recovery. Owned by the shard, on its thread.
#pragma once

#include <absl/container/flat_hash_map.h>

#include "runtime/delivery_record.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// A message key is a hash already.
struct DeliveryKeyHash {
  std::size_t operator()(const store::DeliveryKey& key) const { return key.message.low; }
};

using ClaimedDeliveries = absl::flat_hash_map<store::DeliveryKey, DeliveryRecord, DeliveryKeyHash>;

}  // namespace sojourn::runtime
