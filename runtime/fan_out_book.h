// How much is on its way to many users: what bounds it, and what numbers it. The events and
// users themselves are rows (fan_out_record.h). Owned by the shard, on its thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"

namespace sojourn::store {
class Store;
}

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
  void users_added(std::size_t count) { users_ += count; }
  void users_gone(std::size_t count) { users_ -= count; }

 private:
  std::uint64_t next_number_ = 1;
  std::size_t events_ = 0;
  std::size_t users_ = 0;
};

}  // namespace sojourn::runtime
