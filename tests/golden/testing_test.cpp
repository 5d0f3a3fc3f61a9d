// What `test` blocks give: the report of every file of tests/golden/testing, as text,
// as JSON and as JUnit's XML, with the coverage.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/render.h"
#include "testing/report.h"
#include "tests/golden/golden.h"

namespace sojourn::testing {
namespace {

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

std::vector<TestResult> run_all(const dsl::Program& program, const TestProgram& tested,
                                Coverage& coverage) {
  std::vector<const dsl::TestPlan*> plans;
  for (const dsl::TestPlan& plan : program.tests) plans.push_back(&plan);
  std::vector<TestResult> results;
  for (const TestRun& run : runs_of(plans)) {
    results.push_back(run_test(tested, run, zones(), coverage));
  }
  return results;
}

std::string reports_of(const golden::Case& input) {
  const dsl::SourceText source{input.name + ".journey", input.text};
  const dsl::Compilation compiled = dsl::compile({&source, 1}, zones());
  if (!compiled.program) {
    ADD_FAILURE() << dsl::render_text(compiled.diagnostics, compiled.files, {});
    return {};
  }
  const TestProgram tested(*compiled.program);
  Coverage coverage(tested);
  const auto results = run_all(*compiled.program, tested, coverage);
  const std::vector<bool> has_test(tested.journeys().size(), true);
  const auto covered = coverage.report(has_test);
  std::string out = render_text(results, compiled.files) + render_text(covered, compiled.files);
  // One file shows the forms for machines.
  if (input.name == "machine_formats") {
    out += "---- json\n" + render_json(results, &covered, compiled.files);
    out += "---- junit\n" + render_junit(results, compiled.files);
  }
  return out;
}

TEST(TestingGolden, EveryFileGivesItsReport) {
  for (const golden::Case& input : golden::read_cases("testing")) {
    SCOPED_TRACE(input.name);
    const std::string report = reports_of(input);
    golden::expect_golden(input, report);
    // Files whose name begins with `ok_` have no failure; all others have one.
    const bool passed = report.find("FAIL") == std::string::npos;
    EXPECT_EQ(passed, input.name.starts_with("ok_"));
  }
}

}  // namespace
}  // namespace sojourn::testing
