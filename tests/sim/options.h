// What `sojourn-sim` is asked to do. A value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace sojourn::sim {

struct Options {
  bool wants_help = false;
  // The first seed and the last.
  std::uint64_t first = 1;
  std::uint64_t last = 1;
  std::int64_t days = 2;     // with faults, of each run
  std::int64_t minutes = 0;  // of real time; 0: until the seeds are through
  std::string log;           // the summary goes there, too
  std::int64_t lines = 0;    // of the trace, shown of each run; 0: some, of a violation
};

// `arguments` without the name of the program.
base::Result<Options> parse_options(const std::vector<std::string>& arguments);
std::string help_text();

}  // namespace sojourn::sim
