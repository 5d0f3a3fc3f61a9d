#include "app/check_command.h"

#include <fmt/core.h>
#include <ostream>
#include <utility>

#include "app/command_error.h"
#include "app/project.h"
#include "app/wanted_paths.h"
#include "dsl/render.h"

namespace sojourn::app {
namespace {

bool is_wanted(const dsl::Compilation& compilation, const dsl::Diagnostic& diagnostic,
               const WantedPaths& wanted) {
  return wanted.include(compilation.files[diagnostic.primary.span.file].path());
}

void summarize(std::size_t shown, std::size_t elsewhere, std::size_t files, std::ostream& err) {
  if (shown == 0) {
    err << fmt::format("no findings in {} file{}\n", files, files == 1 ? "" : "s");
  } else {
    err << fmt::format("{} finding{}\n", shown, shown == 1 ? "" : "s");
  }
  if (elsewhere > 0) {
    err << fmt::format("and {} in other files of the project\n", elsewhere);
  }
}

}  // namespace

int check(const CheckOptions& options, std::ostream& out, std::ostream& err) {
  const auto could_not_run = [&](const base::Error& error) {
    if (options.json) out << "[]\n";
    return report_error(error, err);
  };
  std::vector<std::string> paths = options.paths;
  if (paths.empty()) paths.emplace_back(".");
  auto project = load_project(paths.front());
  if (!project) return could_not_run(project.error());
  // Without paths the whole project is meant, also from a folder inside it.
  if (options.paths.empty()) paths = {project->root};
  const auto wanted = WantedPaths::resolve(paths, project->root);
  if (!wanted) return could_not_run(wanted.error());

  const dsl::Compilation& compilation = project->compilation;
  std::vector<dsl::Diagnostic> shown;
  for (const dsl::Diagnostic& diagnostic : compilation.diagnostics) {
    if (is_wanted(compilation, diagnostic, *wanted)) shown.push_back(diagnostic);
  }
  if (options.json) {
    out << dsl::render_json(shown, compilation.files) << '\n';
  } else {
    out << dsl::render_text(shown, compilation.files, {.colour = options.color});
    summarize(shown.size(), compilation.diagnostics.size() - shown.size(), compilation.files.size(),
              err);
  }
  return shown.empty() ? kClean : kFindings;
}

}  // namespace sojourn::app
