// Users of recent turns, as their rows say: what comes for them next (the outcome
// of a send, mostly) need not read and decode them again. Only the shard's own
// turns write these rows, and a shard whose commit failed is dead, so what is kept
// here is what is on disk. Owned by the shard, on its thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>

#include "runtime/store/store.h"

namespace sojourn::runtime {

class UserState;

class UserCache {
 public:
  // Beyond `limit_bytes` (UserState::footprint_bytes), the longest unused go.
  explicit UserCache(std::size_t limit_bytes);
  ~UserCache();

  // Lends the user to a turn; null when they are not here.
  std::unique_ptr<UserState> take(store::UserId id);
  // Takes a user, lent or new, whose turn is committed.
  void keep(std::unique_ptr<UserState> user);

  // A user who was lent and is no more.
  void drop(store::UserId id);

  // Of users who are here, not lent.
  std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::uint64_t id = 0;
    std::unique_ptr<UserState> user;  // null while lent
    std::size_t bytes = 0;
  };

  const std::size_t limit_bytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // the most recently kept first
  absl::flat_hash_map<std::uint64_t, std::list<Entry>::iterator> by_id_;  // packed id
};

}  // namespace sojourn::runtime
