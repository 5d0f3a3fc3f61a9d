#include "app/check_command.h"

#include <algorithm>
#include <fmt/core.h>
#include <fmt/ranges.h>
#include <ostream>
#include <utility>

#include "app/command_error.h"
#include "app/config.h"
#include "app/daemon_setup.h"
#include "app/ids_lock_file.h"
#include "app/project.h"
#include "app/project_files.h"
#include "app/wanted_paths.h"
#include "dsl/check_against.h"
#include "dsl/fix.h"

namespace sojourn::app {
namespace {

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

// Mends the files on disk, and compiles what they are then.
base::Status fix(const WantedPaths& wanted, Project& project, std::ostream& err) {
  const auto takes = [&](std::string_view file) { return wanted.include(file); };
  const auto made = fix_project(project, takes);
  if (!made) return tl::unexpected(made.error());
  if (made->count > 0) {
    err << fmt::format("{} fix{} made in {}\n", made->count, made->count == 1 ? "" : "es",
                       fmt::join(made->files, ", "));
  }
  return {};
}

// Adds what the lock contradicts. The ids are those of the environment that it was pulled for.
base::Status hold_against(const std::string& lock_file, Project& project) {
  const auto lock = read_lock(lock_file);
  if (!lock) return tl::unexpected(lock.error());
  dsl::Compilation& compilation = project.compilation;
  if (!compilation.program) return {};
  const auto config = load_config(project.root, lock->environment);
  if (!config) return tl::unexpected(config.error());
  const auto program = daemon_program(*compilation.program, config->ids);
  if (!program) return tl::unexpected(program.error());
  for (dsl::Diagnostic& found : dsl::check_against(*compilation.program, program->catalog, *lock)) {
    compilation.diagnostics.push_back(std::move(found));
  }
  dsl::sort_diagnostics(compilation.diagnostics);
  return {};
}

struct Shown {
  std::vector<dsl::Diagnostic> diagnostics;
  std::vector<dsl::FileIndex> files;
};

Shown select(const dsl::Compilation& compilation, const WantedPaths& wanted) {
  Shown shown;
  for (dsl::FileIndex file = 0; file < compilation.files.size(); ++file) {
    if (wanted.include(compilation.files[file].path())) shown.files.push_back(file);
  }
  for (const dsl::Diagnostic& diagnostic : compilation.diagnostics) {
    if (std::ranges::binary_search(shown.files, diagnostic.primary.span.file)) {
      shown.diagnostics.push_back(diagnostic);
    }
  }
  return shown;
}

bool shows_text(const std::vector<CheckOutput>& outputs) {
  return std::ranges::any_of(outputs, [](const CheckOutput& output) {
    return output.file.empty() && output.format == dsl::Format::kText;
  });
}

}  // namespace

int check(const CheckOptions& options, std::ostream& out, std::ostream& err) {
  const auto could_not_run = [&](const base::Error& error) {
    dsl::Findings nothing;
    nothing.failure = error.message;
    write_outputs(options.outputs, nothing, {}, out);
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
  if (options.fix) {
    if (const auto fixed = fix(*wanted, *project, err); !fixed) return could_not_run(fixed.error());
  }

  if (!options.against.empty()) {
    if (const auto held = hold_against(options.against, *project); !held) {
      return could_not_run(held.error());
    }
  }

  const dsl::Compilation& compilation = project->compilation;
  const Shown shown = select(compilation, *wanted);
  const std::string root = path_in_repository(project->root);
  const dsl::Findings findings{.diagnostics = shown.diagnostics,
                               .files = compilation.files,
                               .looked_at = shown.files,
                               .failure = {},
                               .root = root};
  const auto written = write_outputs(options.outputs, findings, {.colour = options.color}, out);
  if (!written) return report_error(written.error(), err);
  if (shows_text(options.outputs)) {
    summarize(shown.diagnostics.size(), compilation.diagnostics.size() - shown.diagnostics.size(),
              compilation.files.size(), err);
  }
  return shown.diagnostics.empty() ? kClean : kFindings;
}

void report_unusable_check(const std::vector<std::string>& words, const std::string& failure,
                           std::ostream& out) {
  constexpr std::string_view kOption = "--format";
  std::vector<CheckOutput> outputs;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string word;
    if (words[i] == kOption && i + 1 < words.size()) word = words[i + 1];
    if (words[i].starts_with("--format=")) word = words[i].substr(kOption.size() + 1);
    auto output = word.empty() ? tl::unexpected(base::Error{}) : read_output(word);
    const bool is_second = output && output->file.empty() &&
                           std::ranges::any_of(outputs, &std::string::empty, &CheckOutput::file);
    if (output && !is_second) outputs.push_back(std::move(*output));
  }
  dsl::Findings nothing;
  nothing.failure = failure;
  write_outputs(outputs, nothing, {}, out);
}

}  // namespace sojourn::app
