#include "tests/soak/database.h"

#include <fmt/format.h>

namespace sojourn::soak {

base::Result<std::unique_ptr<store::Connection>> open_to_read(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    return base::failure(base::Error::Kind::kNotFound,
                         fmt::format("there is no database `{}`", path.string()),
                         "name the folder that a soak has written");
  }
  auto connection = store::Connection::open(path.string(), nullptr);
  if (!connection) return connection;
  // People are read in the order in which they came, so what belongs together is still at hand.
  // What has to be sorted goes to a file.
  (*connection)->execute("PRAGMA query_only = 1");
  (*connection)->execute("PRAGMA cache_size = -65536");
  (*connection)->execute("PRAGMA temp_store = FILE");
  if (auto status = (*connection)->status(); !status) return tl::unexpected(status.error());
  return connection;
}

}  // namespace sojourn::soak
