#include "tests/unit/testing/tested.h"

#include <gtest/gtest.h>

#include "calendar/tzdata/system_zones.h"
#include "dsl/render.h"

namespace sojourn::testing {
namespace {

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  return **source;
}

dsl::Compilation compile(std::string_view text) {
  const std::vector<dsl::SourceText> sources = {{"world.journey", std::string(Tested::kWorld)},
                                                {"trial.journey", std::string(text)}};
  return dsl::compile(sources, zones());
}

}  // namespace

Tested::Tested(std::string_view text) : compilation_(compile(text)) {
  if (!compilation_.program) {
    ADD_FAILURE() << dsl::render_text(compilation_.diagnostics, compilation_.files, {});
    compilation_.program.emplace();
  }
  program_ = std::make_unique<TestProgram>(*compilation_.program);
  coverage_ = std::make_unique<Coverage>(*program_);
  std::vector<const dsl::TestPlan*> plans;
  for (const dsl::TestPlan& plan : compilation_.program->tests) plans.push_back(&plan);
  for (const TestRun& run : runs_of(plans)) {
    results_.push_back(run_test(*program_, run, zones(), *coverage_));
  }
}

std::string Tested::failure() const {
  if (results_.empty()) return "there was no test";
  const auto& failure = results_.front().failure;
  return failure ? failure->message : std::string();
}

Coverage::Report Tested::covered() const {
  const auto reports = coverage_->report(std::vector<bool>(program_->journeys().size(), true));
  EXPECT_EQ(reports.size(), 1U);
  return reports.empty() ? Coverage::Report{} : reports.front();
}

}  // namespace sojourn::testing
