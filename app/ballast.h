// A file that takes up room beside the store and holds nothing: given up when the disk is full, so
// that what is in hand can still be written. Blocks are allocated, not written, so it costs nothing
// but the room.
//
// `release` and `is_held` may be called from any thread; the rest from one.
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
  // True when room was given back, by this call or by another one meanwhile: whoever was refused a
  // write may try it again. Blocks until the file system has it.
  bool release();
  bool is_held() const;
  std::int64_t size_bytes() const { return bytes_; }

 private:
  base::Status allocate();

  const std::string folder_;
  const std::string path_;
  const std::int64_t bytes_;
  mutable std::mutex mutex_;
  bool is_there_ = false;  // of whatever size: it takes up room
  bool is_held_ = false;
  std::atomic<int> released_ = 0;
};

// What a process without privileges may still write on the file system of `folder`.
base::Result<std::int64_t> free_bytes(const std::string& folder);

}  // namespace sojourn::app
