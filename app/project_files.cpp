#include "app/project_files.h"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

#include "app/git_ignore.h"

namespace sojourn::app {
namespace {

namespace fs = std::filesystem;
using Kind = base::Error::Kind;

constexpr std::string_view kIgnoreFile = ".gitignore";
constexpr std::string_view kExtension = ".journey";
constexpr std::size_t kMaxFiles = 10'000;
constexpr std::uintmax_t kMaxFileBytes = 16U << 20U;
constexpr std::uintmax_t kMaxProjectBytes = 256U << 20U;
constexpr int kMaxDepth = 64;

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

base::Result<std::string> read_file(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  if (!error && size > kMaxFileBytes) {
    return base::failure(Kind::kInvalid,
                         fmt::format("`{}` is larger than {} bytes", path.string(), kMaxFileBytes));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) {
    return base::failure(Kind::kInvalid, fmt::format("cannot read `{}`", path.string()),
                         "look at its permissions");
  }
  return text;
}

// The folder with `.git`, from `folder` upwards; nothing when there is none.
std::optional<fs::path> find_repository(fs::path folder) {
  while (true) {
    if (is_there(folder / ".git")) return folder;
    if (!folder.has_relative_path()) return std::nullopt;
    folder = folder.parent_path();
  }
}

// Walks a project. Paths are kept relative to the repository while walking, since
// the rules of the folders above the project count too.
class Walk {
 public:
  explicit Walk(fs::path root)
      : root_(std::move(root)), top_(find_repository(root_).value_or(root_)) {}

  base::Result<std::vector<dsl::SourceText>> run() {
    if (const auto read = add_rules_above(); !read) return tl::unexpected(read.error());
    if (const auto walked = enter(root_, 0); !walked) return tl::unexpected(walked.error());
    std::ranges::sort(files_, {}, &dsl::SourceText::path);
    return std::move(files_);
  }

 private:
  std::string name_of(const fs::path& path) const {
    const std::string name = path.lexically_relative(top_).generic_string();
    return name == "." ? std::string() : name;
  }

  base::Status add_rules_of(const fs::path& folder, const fs::path& file) {
    if (!is_there(file)) return {};
    auto text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    ignore_.add_rules(name_of(folder), *text);
    return {};
  }

  base::Status add_rules_above() {
    if (auto read = add_rules_of(top_, top_ / ".git" / "info" / "exclude"); !read) return read;
    fs::path folder = top_;
    for (const fs::path& part : root_.lexically_relative(top_)) {
      if (part == ".") break;
      if (auto read = add_rules_of(folder, folder / kIgnoreFile); !read) return read;
      folder /= part;
    }
    return {};
  }

  base::Status enter(const fs::path& folder, int depth);
  base::Status visit(const fs::directory_entry& entry, int depth);
  base::Status take(const fs::path& path);

  fs::path root_;
  fs::path top_;
  GitIgnore ignore_;
  std::vector<dsl::SourceText> files_;
  std::uintmax_t bytes_ = 0;
};

base::Status Walk::enter(const fs::path& folder, int depth) {
  if (depth > kMaxDepth) {
    return base::failure(Kind::kInvalid, fmt::format("`{}` is nested too deeply", folder.string()),
                         fmt::format("at most {} folders deep", kMaxDepth));
  }
  if (auto read = add_rules_of(folder, folder / kIgnoreFile); !read) return read;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    if (auto visited = visit(*entries, depth); !visited) return visited;
  }
  if (error) {
    return base::failure(Kind::kInvalid, fmt::format("cannot read the folder `{}`: {}",
                                                     folder.string(), error.message()));
  }
  return {};
}

base::Status Walk::visit(const fs::directory_entry& entry, int depth) {
  std::error_code error;
  const fs::file_type type = entry.symlink_status(error).type();
  const std::string name = entry.path().filename().string();
  if (type == fs::file_type::directory) {
    const bool is_other = name.starts_with('.') || is_there(entry.path() / kProjectFile);
    if (is_other || ignore_.ignores(name_of(entry.path()), true)) return {};
    return enter(entry.path(), depth + 1);
  }
  if (type != fs::file_type::regular || !name.ends_with(kExtension)) return {};
  if (ignore_.ignores(name_of(entry.path()), false)) return {};
  return take(entry.path());
}

base::Status Walk::take(const fs::path& path) {
  auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  bytes_ += text->size();
  if (files_.size() >= kMaxFiles || bytes_ > kMaxProjectBytes) {
    return base::failure(
        Kind::kInvalid, fmt::format("the project in `{}` is too large", root_.string()),
        fmt::format("at most {} files and {} bytes in all", kMaxFiles, kMaxProjectBytes));
  }
  files_.push_back({path.lexically_relative(root_).generic_string(), std::move(*text)});
  return {};
}

}  // namespace

base::Result<std::string> find_project_root(const std::string& start) {
  std::error_code error;
  fs::path folder = fs::canonical(start, error);
  if (error) {
    return base::failure(Kind::kNotFound,
                         fmt::format("cannot open `{}`: {}", start, error.message()));
  }
  if (!fs::is_directory(folder, error)) folder = folder.parent_path();
  while (true) {
    if (is_there(folder / kProjectFile)) return folder.string();
    if (is_there(folder / ".git") || !folder.has_relative_path()) break;
    folder = folder.parent_path();
  }
  return base::failure(
      Kind::kNotFound, fmt::format("no `{}` in `{}` or above it", kProjectFile, start),
      fmt::format("a project is a folder with a `{}` that says `project = \"NAME\"`",
                  kProjectFile));
}

base::Result<std::vector<dsl::SourceText>> read_journey_files(const std::string& root) {
  return Walk(root).run();
}

std::string path_in_repository(const std::string& root) {
  const auto top = find_repository(root);
  if (!top || *top == fs::path(root)) return {};
  return fs::path(root).lexically_relative(*top).generic_string() + "/";
}

}  // namespace sojourn::app
