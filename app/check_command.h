// `sojourn check`: is everything in order? Looks at the whole project, since names
// are global, and shows what stands in the files asked about.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "app/check_outputs.h"

namespace sojourn::app {

// What a command says to the shell.
inline constexpr int kClean = 0;
inline constexpr int kFindings = 1;
inline constexpr int kCouldNotRun = 2;

struct CheckOptions {
  // Files or folders of one project; none: the project of the working folder.
  std::vector<std::string> paths;
  std::vector<CheckOutput> outputs = {{}};
  bool color = false;
  bool fix = false;  // first mend what can be mended without an author
  // An ids.lock that the catalog is held against, too; empty: none.
  std::string against;
};

// Findings go to the outputs, in every case; the rest to `err`.
int check(const CheckOptions& options, std::ostream& out, std::ostream& err);

// For a command line that makes no sense: the outputs that it asks for say so, as far
// as they can be made out. `words` are those behind `check`.
void report_unusable_check(const std::vector<std::string>& words, const std::string& failure,
                           std::ostream& out);

}  // namespace sojourn::app
