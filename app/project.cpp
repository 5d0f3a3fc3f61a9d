#include "app/project.h"

#include <fmt/core.h>
#include <string_view>
#include <utility>
#include <vector>

#include "app/project_files.h"
#include "app/replace_file.h"
#include "base/text.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/fix.h"

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

base::Result<FixesMade> fix_project(Project& project,
                                    const std::function<bool(std::string_view)>& wanted) {
  auto zones = tzdata::SystemZones::open();
  if (!zones) return tl::unexpected(zones.error());
  std::vector<dsl::SourceText> sources;
  sources.reserve(project.compilation.files.size());
  for (const dsl::SourceFile& file : project.compilation.files) {
    sources.push_back({file.path(), file.text()});
  }
  FixesMade made;
  dsl::FixOutcome outcome = dsl::fix_all(sources, **zones, wanted);
  for (const dsl::SourceText& changed : outcome.changed) {
    const auto replaced = replace_file(project.root + "/" + changed.path, changed.text);
    if (!replaced) return tl::unexpected(replaced.error());
    made.files.push_back(changed.path);
  }
  made.count = outcome.fixes;
  project.compilation = std::move(outcome.compilation);
  return made;
}

base::Result<const dsl::CompiledJourney*> named_journey(const dsl::Program& program,
                                                        const std::string& name) {
  const dsl::CompiledJourney* journey = program.find_journey(name);
  if (journey != nullptr) return journey;
  std::vector<std::string_view> known;
  known.reserve(program.journeys.size());
  for (const dsl::CompiledJourney& other : program.journeys) {
    known.emplace_back(other.graph.journey);
  }
  base::Error error{base::Error::Kind::kNotFound, fmt::format("no journey named `{}`", name), {}};
  const auto near = base::did_you_mean(name, known);
  if (near) error.hint = fmt::format("did you mean `{}`?", *near);
  return tl::unexpected(std::move(error));
}

}  // namespace sojourn::app
