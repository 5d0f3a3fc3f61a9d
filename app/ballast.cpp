#include "app/ballast.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace sojourn::app {
namespace {

// A file system may keep freed blocks back until the removal is in its journal.
void sync_folder(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

base::Status problem(const std::string& doing, const std::string& path, int code) {
  return base::failure(base::Error::Kind::kUnavailable,
                       fmt::format("cannot {} {}: {}", doing, path, std::strerror(code)));
}

}  // namespace

Ballast::Ballast(std::string folder, std::int64_t bytes)
    : folder_(std::move(folder)), path_(folder_ + "/ballast"), bytes_(bytes) {
  std::error_code missing;
  is_there_ = std::filesystem::is_regular_file(path_, missing);
  if (!is_there_) return;
  const auto found = std::filesystem::file_size(path_, missing);
  is_held_ = !missing && static_cast<std::int64_t>(found) == bytes_;
}

base::Status Ballast::make() {
  const std::lock_guard lock(mutex_);
  if (is_held_) return {};
  auto made = allocate();
  if (!made) {
    ::unlink(path_.c_str());
    is_there_ = false;
    return made;
  }
  is_there_ = true;
  is_held_ = true;
  return {};
}

base::Status Ballast::allocate() {
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return problem("make", path_, errno);
  const int refused = ::posix_fallocate(file, 0, bytes_);
  ::close(file);
  if (refused != 0) return problem("allocate", path_, refused);
  return {};
}

bool Ballast::release() {
  const int seen = released_.load();
  const std::lock_guard lock(mutex_);
  // By another thread, while this one waited for it.
  if (released_.load() != seen) return true;
  if (!is_there_) return false;
  is_there_ = false;
  is_held_ = false;
  if (::unlink(path_.c_str()) != 0) return false;
  sync_folder(folder_);
  ++released_;
  return true;
}

bool Ballast::is_held() const {
  const std::lock_guard lock(mutex_);
  return is_held_;
}

base::Result<std::int64_t> free_bytes(const std::string& folder) {
  struct statvfs found{};
  if (::statvfs(folder.c_str(), &found) != 0) {
    return tl::unexpected(problem("ask for the free space of", folder, errno).error());
  }
  return static_cast<std::int64_t>(found.f_bavail) * static_cast<std::int64_t>(found.f_frsize);
}

}  // namespace sojourn::app
