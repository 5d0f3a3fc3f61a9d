#include "runtime/store/sync_folder.h"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace sojourn::store {

bool sync_folder(const std::string& folder) {
  const char* name = folder.empty() ? "." : folder.c_str();
  const int opened = ::open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return false;
  const bool is_synced = ::fsync(opened) == 0;
  const int reason = errno;
  ::close(opened);
  errno = reason;
  return is_synced;
}

bool sync_folder_of(const std::string& path) {
  return sync_folder(std::filesystem::path(path).parent_path().string());
}

}  // namespace sojourn::store
