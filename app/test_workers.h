// Runs tests on several threads. Each thread has its own zones and its own
// coverage; the results stand in the order of the runs, so the number of threads
// cannot be seen in them.
#pragma once

#include <vector>

#include "base/result.h"
#include "testing/coverage.h"
#include "testing/runner.h"

namespace sojourn::app {

struct TestedRuns {
  std::vector<testing::TestResult> results;  // by run
  testing::Coverage coverage;
};

// `threads` at least 1. An error when the time zones cannot be read.
base::Result<TestedRuns> run_tests(const testing::TestProgram& program,
                                   const std::vector<testing::TestRun>& runs, int threads);

}  // namespace sojourn::app
