#include "app/project.h"

#include <utility>

#include "app/project_files.h"
#include "calendar/tzdata/system_zones.h"

namespace sojourn::app {

base::Result<Project> load_project(const std::string& start) {
  auto root = find_project_root(start);
  if (!root) return tl::unexpected(root.error());
  auto sources = read_journey_files(*root);
  if (!sources) return tl::unexpected(sources.error());
  auto zones = tzdata::SystemZones::open();
  if (!zones) return tl::unexpected(zones.error());
  dsl::Compilation compilation = dsl::compile(*sources, **zones);
  return Project{std::move(*root), std::move(compilation)};
}

}  // namespace sojourn::app
