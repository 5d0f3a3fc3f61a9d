// What is on its way to many users: what bounds it, what numbers it, and who is still to get an
// event that its sender was told we have. The events and users themselves are rows
// (fan_out_record.h); of each user who waits, memory holds some 30 bytes, and
// max_fan_out_waiting bounds how many wait. Those of one event that was put off for want of room
// may come on top, once it is its turn. Owned by the shard, on its thread.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class FanOutBook {
 public:
  // kFatal when a row cannot be read.
  base::Status load(store::Store& store);

  std::uint64_t next_number() { return next_number_++; }
  // Nothing waits: no row need be looked for.
  bool is_empty() const { return events_ == 0; }
  std::size_t waiting_users() const { return users_; }

  void event_added() { ++events_; }
  void event_gone() { --events_; }
  void users_added(std::span<const store::UserId> users);
  // kFatal when one of them does not wait, which rows that do not agree bring about.
  base::Status users_gone(std::span<const store::UserId> users);
  // An event of this user's has been acknowledged, and has not come to them yet.
  bool waits(store::UserId user) const { return events_of_.contains(user.packed()); }

 private:
  std::uint64_t next_number_ = 1;
  std::size_t events_ = 0;
  std::size_t users_ = 0;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> events_of_;  // by user, packed
};

}  // namespace sojourn::runtime
