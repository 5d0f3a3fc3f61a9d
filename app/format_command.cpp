#include "app/format_command.h"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <istream>
#include <ostream>
#include <utility>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/project_files.h"
#include "app/replace_file.h"
#include "app/unified_diff.h"
#include "app/wanted_paths.h"
#include "base/result.h"
#include "dsl/format.h"
#include "dsl/parse.h"
#include "dsl/render.h"

namespace sojourn::app {
namespace {

using Kind = base::Error::Kind;

constexpr std::string_view kStdin = "-";
constexpr std::string_view kStdinName = "<stdin>";

std::string_view plural(std::size_t count) {
  return count == 1 ? "" : "s";
}

// One run over the files that were asked for.
class Run {
 public:
  Run(const FormatOptions& options, std::ostream& out) : options_(options), out_(out) {}

  // `write` gets the text in style, and whether that is another one.
  template <typename Write>
  base::Status add(const std::string& name, const std::string& text, Write write) {
    ++files_;
    const auto index = static_cast<dsl::FileIndex>(faulty_.size());
    dsl::Formatted formatted = dsl::format(text, index);
    if (!formatted.diagnostics.empty()) {
      faulty_.emplace_back(name, text);
      std::ranges::move(formatted.diagnostics, std::back_inserter(diagnostics_));
      return {};
    }
    if (formatted.text != text) {
      ++changed_;
      if (options_.diff) out_ << unified_diff(name, text, formatted.text);
    }
    return write(formatted.text, formatted.text != text);
  }

  bool only_reports() const { return options_.check || options_.diff; }
  int finish(std::ostream& err) const {
    err << dsl::render_text(diagnostics_, faulty_, {});
    return !faulty_.empty() || (options_.check && changed_ > 0) ? kFindings : kClean;
  }
  void summarize(std::ostream& err) const {
    err << fmt::format("{} of {} file{} {}\n", changed_, files_, plural(files_),
                       only_reports() ? "would change" : "changed");
    if (!faulty_.empty()) {
      err << fmt::format("{} file{} left alone: fix the finding{} first\n", faulty_.size(),
                         plural(faulty_.size()), plural(diagnostics_.size()));
    }
  }

 private:
  const FormatOptions& options_;
  std::ostream& out_;
  std::size_t files_ = 0;
  std::size_t changed_ = 0;
  std::vector<dsl::SourceFile> faulty_;
  std::vector<dsl::Diagnostic> diagnostics_;  // Span::file counts in faulty_
};

// All of it, or a little more than a file may have.
std::string read_all(std::istream& in) {
  std::string text(dsl::kMaxFileBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

int format_stdin(const FormatOptions& options, std::istream& in, std::ostream& out,
                 std::ostream& err) {
  if (options.paths.size() > 1) {
    return report_error({Kind::kInvalid, "`-` stands alone", "name files, or pass one on stdin"},
                        err);
  }
  Run run(options, out);
  const auto written = run.add(std::string(kStdinName), read_all(in),
                               [&](const std::string& text, bool changed) -> base::Status {
                                 if (!run.only_reports()) out << text;
                                 if (options.check && !options.diff && changed)
                                   out << kStdinName << '\n';
                                 return {};
                               });
  if (!written) return report_error(written.error(), err);
  return run.finish(err);
}

struct ProjectFiles {
  std::string root;
  std::vector<dsl::SourceText> files;
};

base::Result<ProjectFiles> wanted_files(const std::vector<std::string>& paths) {
  auto root = find_project_root(paths.empty() ? "." : paths.front());
  if (!root) return tl::unexpected(root.error());
  const auto wanted =
      WantedPaths::resolve(paths.empty() ? std::vector<std::string>{*root} : paths, *root);
  if (!wanted) return tl::unexpected(wanted.error());
  auto files = read_journey_files(*root);
  if (!files) return tl::unexpected(files.error());
  std::vector<std::string_view> names;
  for (const dsl::SourceText& file : *files) names.push_back(file.path);
  const std::string without = paths.empty() ? std::string() : wanted->first_without(names);
  if (!without.empty()) {
    return base::failure(Kind::kNotFound, fmt::format("no journey file in `{}`", without),
                         "files that git ignores, hidden folders and links are left out");
  }
  std::erase_if(*files, [&](const dsl::SourceText& file) { return !wanted->include(file.path); });
  return ProjectFiles{std::move(*root), std::move(*files)};
}

}  // namespace

int format_files(const FormatOptions& options, std::istream& in, std::ostream& out,
                 std::ostream& err) {
  if (std::ranges::find(options.paths, kStdin) != options.paths.end()) {
    return format_stdin(options, in, out, err);
  }
  const auto project = wanted_files(options.paths);
  if (!project) return report_error(project.error(), err);
  Run run(options, out);
  for (const dsl::SourceText& file : project->files) {
    const auto write = [&](const std::string& text, bool changed) -> base::Status {
      if (!changed) return {};
      if (!run.only_reports()) {
        const auto path = std::filesystem::path(project->root) / file.path;
        if (auto replaced = replace_file(path.string(), text); !replaced) return replaced;
      }
      if (!options.diff) out << file.path << '\n';
      return {};
    };
    if (const auto written = run.add(file.path, file.text, write); !written) {
      return report_error(written.error(), err);
    }
  }
  const int code = run.finish(err);
  run.summarize(err);
  return code;
}

}  // namespace sojourn::app
