// `sojourn test`: runs the `test` blocks of a project with the real engine, on a
// clock of their own, and says what they never reach.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace sojourn::app {

struct TestOptions {
  // Files or folders of one project; none: the project of the working folder.
  std::vector<std::string> paths;
  std::string run;         // an RE2 expression; empty: all tests
  std::string junit_file;  // empty: none
  bool json = false;
  bool coverage = false;
  int coverage_min = 0;  // percent of what the tested journeys have, all together
  int jobs = 0;          // threads; 0: one a core
};

// Results go to `out` (with `json`, always as one JSON object), the rest to `err`.
// kFindings when a test fails, the coverage is too low, or the journeys have faults.
int test(const TestOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
