// `sojourn check`: is everything in order? Looks at the whole project, since names
// are global, and shows what stands in the files asked about.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace sojourn::app {

// What a command says to the shell.
inline constexpr int kClean = 0;
inline constexpr int kFindings = 1;
inline constexpr int kCouldNotRun = 2;

struct CheckOptions {
  // Files or folders of one project; none: the project of the working folder.
  std::vector<std::string> paths;
  bool json = false;
  bool color = false;
};

// Findings go to `out` (with `json`, always as one JSON array), the rest to `err`.
int check(const CheckOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
