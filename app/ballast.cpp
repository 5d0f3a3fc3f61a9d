#include "app/ballast.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

#include "runtime/store/sync_folder.h"

namespace sojourn::app {
namespace {

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
  is_there_ = true;
  is_held_ = made.has_value();
  // What there is of it may have taken the room that a write of the store wanted.
  if (!made) remove();
  return made;
}

base::Status Ballast::allocate() {
  const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return problem("make", path_, errno);
  const int refused = ::posix_fallocate(file, 0, bytes_);
  ::close(file);
  if (refused != 0) return problem("allocate", path_, refused);
  return {};
}

// False when there is nothing to remove, or it cannot be.
bool Ballast::remove() {
  is_there_ = false;
  is_held_ = false;
  if (::unlink(path_.c_str()) != 0) return false;
  // A file system may keep freed blocks back until the removal is in its journal.
  store::sync_folder(folder_);
  ++released_;
  return true;
}

bool Ballast::release(std::uint64_t seen) {
  const std::lock_guard lock(mutex_);
  if (is_there_ && remove()) return true;
  return released_.load() != seen;
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
