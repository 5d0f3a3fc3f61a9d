// A file that takes up room beside the store and holds nothing: given up when the disk is full, so
// that what is in hand can still be written. Blocks are allocated, not written, so it costs nothing
// but the room.
//
// `make` is called from one thread; the rest may be from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "base/result.h"

namespace sojourn::app {

class Ballast {
 public:
  // Touches nothing. A file that an earlier process left there at its full size counts as held; one
  // of another size is made anew, or given up.
  Ballast(std::string folder, std::int64_t bytes);

  // Allocates it, unless it is held. An error (no room, no permission) leaves nothing behind.
  base::Status make();
  // How often room has been given back, also that of a ballast that could not be made whole.
  std::uint64_t released() const { return released_.load(); }
  // True when room has been given back since `released` was `seen`, by this call or by another
  // thread: whoever was refused a write after that look may try it again. Blocks until the file
  // system has it.
  bool release(std::uint64_t seen);
  bool is_held() const;
  std::int64_t size_bytes() const { return bytes_; }

 private:
  base::Status allocate();
  bool remove();

  const std::string folder_;
  const std::string path_;
  const std::int64_t bytes_;
  mutable std::mutex mutex_;
  bool is_there_ = false;  // of whatever size: it takes up room
  bool is_held_ = false;
  std::atomic<std::uint64_t> released_ = 0;
};

// What a process without privileges may still write on the file system of `folder`.
base::Result<std::int64_t> free_bytes(const std::string& folder);

}  // namespace sojourn::app
