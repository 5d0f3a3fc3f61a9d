// Runs one test of a program with the real engine, on a virtual clock. Pure but for
// what it adds to the coverage: the same test gives the same result on every
// machine. Any thread, each with its own zones and coverage.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsl/test_plan.h"
#include "testing/coverage.h"
#include "testing/test_program.h"
#include "testing/timeline.h"

namespace sojourn::calendar {
class ZoneSource;
}

namespace sojourn::testing {

struct Failure {
  dsl::Span place;      // the line that was not met
  std::string message;  // lower case, no full stop
  std::string zone;     // of the timeline's local times
  std::vector<TimelineLine> timeline;
};

struct TestResult {
  const dsl::TestPlan* plan = nullptr;
  std::string case_name;  // empty: the test has no cases
  std::optional<Failure> failure;
};

// What one run of a test is: the test, and which of its cases.
struct TestRun {
  const dsl::TestPlan* plan = nullptr;
  const dsl::TestCase* row = nullptr;  // null: the test has no cases
};

// Every run of the tests, in order.
std::vector<TestRun> runs_of(const std::vector<const dsl::TestPlan*>& plans);
TestResult run_test(const TestProgram& program, const TestRun& run, calendar::ZoneSource& zones,
                    Coverage& coverage);

// `JOURNEY "TITLE"`, with `case NAME` where there is one.
std::string name_of(const TestResult& result);

}  // namespace sojourn::testing
