#include "app/replace_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fmt/core.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/store/sync_folder.h"

namespace sojourn::app {
namespace {

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A file that root writes stays its owner's, who may be the only one to read it. Nobody else can
// give files away.
bool give_to(int file, const struct stat& before) {
  return ::geteuid() != 0 || ::fchown(file, before.st_uid, before.st_gid) == 0;
}

// Closes the file in any case; false with errno set.
bool fill(int file, std::string_view text, const struct stat& before) {
  const bool filled = write_all(file, text) && give_to(file, before) &&
                      ::fchmod(file, before.st_mode & 07777) == 0 && ::fsync(file) == 0;
  const int reason = errno;
  const bool closed = ::close(file) == 0;
  if (!filled) errno = reason;
  return filled && closed;
}

// EINVAL: a file system that syncs no folders; nothing more can be done there.
base::Status keep(const std::string& path) {
  if (store::sync_folder_of(path) || errno == EINVAL) return {};
  return base::failure(base::Error::Kind::kFatal,
                       fmt::format("`{}` is written, but its folder cannot be synced: {}", path,
                                   std::strerror(errno)),
                       "look at the disk: a power cut may put the old file back");
}

}  // namespace

base::Status replace_file(const std::string& path, std::string_view text) {
  const auto failed = [&] {
    return base::failure(base::Error::Kind::kInvalid,
                         fmt::format("cannot write `{}`: {}", path, std::strerror(errno)),
                         "look at the permissions of the file and its folder");
  };
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return failed();
  const std::filesystem::path target(path);
  // Hidden, and not a `.journey`: nobody takes it for a file of the project.
  std::string name =
      (target.parent_path() / ("." + target.filename().string() + ".XXXXXX")).string();
  const int file = ::mkstemp(name.data());
  if (file < 0) return failed();
  if (fill(file, text, status) && ::rename(name.c_str(), path.c_str()) == 0) return keep(path);
  auto error = failed();
  ::unlink(name.c_str());
  return error;
}

}  // namespace sojourn::app
