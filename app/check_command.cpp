#include "app/check_command.h"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <ostream>
#include <system_error>
#include <utility>

#include "app/command_error.h"
#include "app/project.h"
#include "dsl/render.h"

namespace sojourn::app {
namespace {

namespace fs = std::filesystem;

// The paths asked about, relative to the project; `.` is all of it.
base::Result<std::vector<std::string>> wanted_paths(const std::vector<std::string>& paths,
                                                    const std::string& root) {
  std::vector<std::string> wanted;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    const std::string relative = real.lexically_relative(root).generic_string();
    if (error || relative.empty() || relative.starts_with("..")) {
      return base::failure(base::Error::Kind::kInvalid,
                           fmt::format("`{}` is not in the project `{}`", path, root),
                           "check one project at a time");
    }
    wanted.push_back(relative);
  }
  return wanted;
}

bool is_under(std::string_view file, std::string_view path) {
  if (path == "." || file == path) return true;
  return file.size() > path.size() && file.starts_with(path) && file[path.size()] == '/';
}

bool is_wanted(const dsl::Compilation& compilation, const dsl::Diagnostic& diagnostic,
               const std::vector<std::string>& wanted) {
  const std::string& file = compilation.files[diagnostic.primary.span.file].path();
  return std::ranges::any_of(wanted, [&](const auto& path) { return is_under(file, path); });
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
  const auto wanted = wanted_paths(paths, project->root);
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
