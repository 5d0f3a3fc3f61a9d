#include "app/folder_lock.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

#include "runtime/uv/loop.h"
#include "runtime/uv/timer.h"

namespace sojourn::app {
namespace {

constexpr base::Millis kBetween{20};

base::Error failed(const std::string& folder) {
  return {base::Error::Kind::kInvalid,
          fmt::format("cannot lock the folder `{}`: {}", folder, std::strerror(errno)),
          "it must be there, and this user must be able to read it"};
}

// True: locked; false: somebody else has it.
base::Result<bool> try_lock(int file, const std::string& folder) {
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK || errno == EINTR) return false;
  return tl::unexpected(failed(folder));
}

base::Result<bool> try_until(int file, const std::string& folder, base::Millis wait) {
  auto locked = try_lock(file, folder);
  if (!locked || *locked) return locked;
  uv::Loop loop;
  const std::int64_t deadline = loop.now_monotonic() + wait.count;
  uv::Timer timer(loop, [&] {
    locked = try_lock(file, folder);
    if (!locked || *locked || loop.now_monotonic() >= deadline) return loop.stop();
    timer.start(kBetween);
  });
  timer.start(kBetween);
  loop.run();
  return locked;
}

}  // namespace

base::Result<FolderLock> FolderLock::take(const std::string& folder, base::Millis wait) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return tl::unexpected(failed(folder));
  FolderLock lock(file);
  const auto locked = try_until(file, folder, wait);
  if (!locked) return tl::unexpected(locked.error());
  if (*locked) return lock;
  return base::failure(
      base::Error::Kind::kUnavailable,
      fmt::format("another process holds the lock of `{}`, and has not let it go for {} s", folder,
                  wait.count / 1000),
      "it may be another `sojourn key`; `lsof` names who has the folder open");
}

FolderLock::~FolderLock() {
  if (folder_ >= 0) ::close(folder_);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : folder_(std::exchange(other.folder_, -1)) {}

}  // namespace sojourn::app
