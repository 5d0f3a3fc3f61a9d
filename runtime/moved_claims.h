// Claims under way for a user who has become another meanwhile (docs/decisions/0042): the outcome
// will name the user who was claimed for, and the delivery is the other's. At most as many as there
// are claims without an outcome. Only of attempts of this process: after a restart a claim is
// found under the user who has it. Owned by the shard, on its thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstddef>

#include "base/hash.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class MovedClaims {
 public:
  void moved(const base::Hash128& message, store::UserId to) { now_[message] = to; }
  // The outcome has come: whose delivery it is.
  store::UserId ended(const store::DeliveryKey& key) {
    const auto found = now_.find(key.message);
    if (found == now_.end()) return key.user;
    const store::UserId user = found->second;
    now_.erase(found);
    return user;
  }

 private:
  // A message key is a hash already.
  struct KeyHash {
    std::size_t operator()(const base::Hash128& key) const { return key.low; }
  };
  absl::flat_hash_map<base::Hash128, store::UserId, KeyHash> now_;  // by message key
};

}  // namespace sojourn::runtime
