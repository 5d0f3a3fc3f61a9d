#include "app/write_file.h"

#include <fmt/core.h>
#include <fstream>

namespace sojourn::app {

base::Status write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  return base::failure(base::Error::Kind::kInvalid, fmt::format("cannot write `{}`", path),
                       "its folder must exist and be writable");
}

}  // namespace sojourn::app
