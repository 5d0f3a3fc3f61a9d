#include "app/wanted_paths.h"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <system_error>

namespace sojourn::app {
namespace {

namespace fs = std::filesystem;

bool is_under(std::string_view file, std::string_view path) {
  if (path == "." || file == path) return true;
  return file.size() > path.size() && file.starts_with(path) && file[path.size()] == '/';
}

}  // namespace

base::Result<WantedPaths> WantedPaths::resolve(const std::vector<std::string>& paths,
                                               const std::string& root) {
  WantedPaths wanted;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    const std::string relative = real.lexically_relative(root).generic_string();
    if (error || relative.empty() || relative.starts_with("..")) {
      return base::failure(base::Error::Kind::kInvalid,
                           fmt::format("`{}` is not in the project `{}`", path, root),
                           "name files of one project at a time");
    }
    wanted.paths_.push_back({path, relative});
  }
  return wanted;
}

bool WantedPaths::include(std::string_view file) const {
  return std::ranges::any_of(paths_,
                             [&](const Path& path) { return is_under(file, path.relative); });
}

std::string WantedPaths::first_without(const std::vector<std::string_view>& files) const {
  for (const Path& path : paths_) {
    const bool has_one = std::ranges::any_of(
        files, [&](std::string_view file) { return is_under(file, path.relative); });
    if (!has_one) return path.given;
  }
  return {};
}

}  // namespace sojourn::app
