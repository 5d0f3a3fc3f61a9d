// Who gives room when a store's disk is full, on the thread that uses the store.
#pragma once

#include <cstdint>
#include <functional>

namespace sojourn::store {

struct RoomGiver {
  // How often room has been given so far, by any thread. Asked before each write.
  std::function<std::uint64_t()> given;
  // Called when a write finds the disk full; `seen` is what `given` said before it. True: room has
  // been given since then, by this call or by another thread before it, and the write is done
  // again, once. Empty: nobody has any.
  std::function<bool(std::uint64_t seen)> give;
};

}  // namespace sojourn::store
