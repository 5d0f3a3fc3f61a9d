#include "runtime/user_cache.h"

#include <utility>

#include "base/check.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {

UserCache::UserCache(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}
UserCache::~UserCache() = default;

std::unique_ptr<UserState> UserCache::take(store::UserId id) {
  const auto found = by_id_.find(id.packed());
  return found == by_id_.end() ? nullptr : remove(found->second);
}

void UserCache::keep(std::unique_ptr<UserState> user) {
  const std::size_t bytes = user->footprint_bytes();
  const std::uint64_t id = user->id().packed();
  entries_.push_front({std::move(user), bytes});
  bytes_ += bytes;
  const bool added = by_id_.emplace(id, entries_.begin()).second;
  SOJOURN_CHECK(added, "a user is taken before they are changed and kept again");
  while (bytes_ > limit_bytes_) remove(std::prev(entries_.end()));
}

std::unique_ptr<UserState> UserCache::remove(std::list<Entry>::iterator entry) {
  std::unique_ptr<UserState> user = std::move(entry->user);
  bytes_ -= entry->bytes;
  by_id_.erase(user->id().packed());
  entries_.erase(entry);
  return user;
}

}  // namespace sojourn::runtime
