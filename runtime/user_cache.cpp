#include "runtime/user_cache.h"

#include <utility>

#include "base/check.h"
#include "runtime/user_state.h"

namespace sojourn::runtime {

UserCache::UserCache(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}
UserCache::~UserCache() = default;

std::unique_ptr<UserState> UserCache::take(store::UserId id) {
  const auto found = by_id_.find(id.packed());
  if (found == by_id_.end()) return nullptr;
  Entry& entry = *found->second;
  bytes_ -= std::exchange(entry.bytes, 0);
  return std::move(entry.user);
}

void UserCache::keep(std::unique_ptr<UserState> user) {
  const std::uint64_t id = user->id().packed();
  const auto [place, is_new] = by_id_.try_emplace(id, entries_.begin());
  if (is_new) {
    entries_.push_front({id, nullptr, 0});
    place->second = entries_.begin();
  } else {
    entries_.splice(entries_.begin(), entries_, place->second);
  }
  Entry& entry = entries_.front();
  SOJOURN_CHECK(entry.user == nullptr, "a user is taken before they are changed and kept again");
  bytes_ += entry.bytes = user->footprint_bytes();
  entry.user = std::move(user);
  while (bytes_ > limit_bytes_) {
    bytes_ -= entries_.back().bytes;
    by_id_.erase(entries_.back().id);
    entries_.pop_back();
  }
}

void UserCache::drop(store::UserId id) {
  const auto found = by_id_.find(id.packed());
  if (found == by_id_.end()) return;
  bytes_ -= found->second->bytes;
  entries_.erase(found->second);
  by_id_.erase(found);
}

}  // namespace sojourn::runtime
