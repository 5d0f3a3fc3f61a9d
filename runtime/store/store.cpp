#include "runtime/store/store.h"

namespace sojourn::store {

std::uint16_t Identity::shard() const {
  return static_cast<std::uint16_t>(base::stable_hash64(value, static_cast<std::uint64_t>(kind)) %
                                    kShardCount);
}

bool Commit::empty() const {
  return put_identities.empty() && remove_identities.empty() && put_rows.empty() &&
         remove_rows.empty() && put_timers.empty() && remove_timers.empty() &&
         put_deliveries.empty() && remove_deliveries.empty() && put_seen.empty() &&
         counters.empty() && put_field_values.empty() && remove_field_values.empty() &&
         put_fan_outs.empty() && remove_fan_outs.empty();
}

}  // namespace sojourn::store
