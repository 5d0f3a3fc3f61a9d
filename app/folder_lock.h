// One process at a time changes the files of a folder: an advisory lock on the folder itself, which
// goes with its holder, however that ends. Blocks; any thread.
#pragma once

#include <string>

#include "base/instant.h"
#include "base/result.h"

namespace sojourn::app {

class FolderLock {
 public:
  // Tries again until `wait` has passed: whoever may read the folder may hold the lock, too, and
  // for as long as they like. kUnavailable: another process still has it; kInvalid: there is no
  // such folder.
  static base::Result<FolderLock> take(const std::string& folder, base::Millis wait);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int folder) : folder_(folder) {}
  int folder_;  // -1: moved away
};

}  // namespace sojourn::app
