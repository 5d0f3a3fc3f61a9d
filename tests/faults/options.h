// What `sojourn-faults` is asked to do, as words on its command line. A value.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "tests/faults/case.h"

namespace sojourn::faults {

struct Options {
  std::string case_pattern = ".*";  // a regular expression for the whole name
  Settings settings;
  std::filesystem::path markdown_file;
  std::filesystem::path log_file;
  bool only_lists = false;
  bool wants_help = false;
};

// `words` are those behind the program's name. An error names the word that is wrong.
base::Result<Options> parse_options(const std::vector<std::string>& words);
std::string help_text();

}  // namespace sojourn::faults
