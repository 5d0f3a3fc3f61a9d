// A project on disk: the folder with sojourn.toml, and the *.journey files below
// it as git sees them (.gitignore respected, also that of the folders above, up to
// the repository; git itself is not needed). Hidden folders, links, and folders
// with a sojourn.toml of their own, which are other projects, are not entered.
// Reads files and nothing else.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "dsl/compile.h"

namespace sojourn::app {

inline constexpr std::string_view kProjectFile = "sojourn.toml";

// The absolute path of the nearest folder with a sojourn.toml, from `start` (a
// file or a folder) upwards; the search ends at a folder with `.git`.
base::Result<std::string> find_project_root(const std::string& start);

// Paths are relative to `root`, with slashes, in order.
base::Result<std::vector<dsl::SourceText>> read_journey_files(const std::string& root);

// What stands before the paths of a project in its repository: nothing, or folders with
// a slash behind them. Nothing outside of a repository.
std::string path_in_repository(const std::string& root);

}  // namespace sojourn::app
