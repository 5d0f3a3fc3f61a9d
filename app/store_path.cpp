#include "app/store_path.h"

#include "app/config.h"
#include "app/project_files.h"

namespace sojourn::app {

base::Result<std::string> store_file(const StorePlace& place) {
  if (!place.store.empty()) return place.store;
  auto root = find_project_root(place.project);
  if (!root) return tl::unexpected(root.error());
  auto config = load_config(*root, place.environment);
  if (!config) return tl::unexpected(config.error());
  return config->store_path + "/" + kStoreFile;
}

}  // namespace sojourn::app
