// `sojourn fmt`: writes journey files in the one style. Takes the files as `check`
// does; a file that does not parse is left alone and its faults are shown.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace sojourn::app {

struct FormatOptions {
  // Files or folders of one project; none: the project of the working folder. `-`
  // alone: from `in` to `out`.
  std::vector<std::string> paths;
  // Writes nothing: says which files would change.
  bool check = false;
  // Writes nothing: shows how they would change.
  bool diff = false;
};

// The exit code is kFindings when a file does not parse, or would change under `check`.
// The names of changed files, or their difference, go to `out`, the rest to `err`.
int format_files(const FormatOptions& options, std::istream& in, std::ostream& out,
                 std::ostream& err);

}  // namespace sojourn::app
