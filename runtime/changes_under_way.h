// Which changes of profiles, lists and subscriptions are claimed and without an outcome, user by
// user, and which others of the same users wait for that. Of one user one change of each sort is
// under way at a time: two could reach Iterable in either order, and the loser would stay there.
// As each says what holds when it is claimed, what is claimed last is what remains.
//
// At most as many as there are claims, and whoever waits for one of them. Only of attempts of this
// process: what waits has a time of its own, so nothing is lost with it. Owned by the shard, on its
// thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "runtime/shard_input.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

enum class Change : std::uint8_t { kProfile, kLists, kSubscriptions };

// What a call to the endpoint changes of its user; nothing: nothing that a later call undoes.
std::optional<Change> change_of(Endpoint endpoint);

class ChangesUnderWay {
 public:
  // Whoever waits is looked at again after so long, if nothing tells them before.
  static constexpr base::Millis kPatience = base::seconds(60);

  // Whether another one is under way; then this one is told of its end.
  bool must_wait(const store::DeliveryKey& change, Change what);
  void claimed(const store::DeliveryKey& change, Change what);
  // An attempt of whatever delivery has ended: message keys of what has waited for that, in the
  // order in which they began to.
  std::vector<base::Hash128> ended(const store::DeliveryKey& delivery);
  // `from` has become `to`.
  void moved(store::UserId from, store::UserId to);

 private:
  struct Claimed {
    base::Hash128 message;
    Change what = Change::kProfile;
  };
  struct OfUser {
    std::vector<Claimed> claimed;
    std::vector<base::Hash128> waiting;
  };
  absl::flat_hash_map<std::uint64_t, OfUser> users_;  // by user, as packed
};

}  // namespace sojourn::runtime
