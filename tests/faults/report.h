// What `sojourn-faults` prints: a line for each case, and what was violated. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/faults/case.h"

namespace sojourn::faults {

struct Result {
  const Case* what = nullptr;
  Tally tally;
};

std::string list_text(const Cases& cases);
std::string table_head();
std::string table_line(const Result& result);
// What was violated, a line each; the figures below. Empty where there is neither.
std::string details(const Result& result);
// How long all restarts of the results took, and how many cases were run. Empty when none was.
std::string summary(const std::vector<Result>& results);

std::string as_markdown(const std::vector<Result>& results);
// All of it, with a line for each run.
std::string as_log(const std::vector<Result>& results, std::uint64_t seed);

}  // namespace sojourn::faults
