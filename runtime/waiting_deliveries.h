// What waits to leave, as an operator's drop goes through it: part by part in key order, so that no
// turn reads more than kMaxReadForOrder rows however much waits. Reads what is committed. On the
// shard's thread.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "base/result.h"
#include "runtime/delivery_order.h"
#include "runtime/delivery_record.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

inline constexpr std::size_t kMaxReadForOrder = 5'000;

// Of a delivery that has not ended.
DeliveryState state_of(const store::Delivery& delivery, const DeliveryRecord& record,
                       base::Instant now);

struct WaitingPart {
  struct Chosen {
    store::Delivery delivery;
    DeliveryRecord record;
  };
  std::vector<Chosen> chosen;
  // Those that fit and cannot be dropped, by why: `claimed`, it may have left already;
  // `opt_out`, a no is always told.
  std::map<std::string, std::size_t> left_alone;
  std::set<base::Hash128> found;  // of the keys that the order names
  // Where the next part begins; none: this was the last.
  std::optional<store::DeliveryKey> after;
};

// The part from `order.after` on, with at most `most` to be dropped.
base::Result<WaitingPart> waiting_part(const DeliveryOrder& order, store::Store& store,
                                       base::Instant now, std::size_t most);

}  // namespace sojourn::runtime
