// The quick cases of `./dev faults`, each as a test, with few points of a sweep.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/faults/all_cases.h"
#include "tests/faults/report.h"

namespace sojourn::faults {
namespace {

Cases quick_cases() {
  Cases out;
  for (Case& one : all_cases()) {
    if (one.is_quick) out.push_back(std::move(one));
  }
  return out;
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

class QuickFaults : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() { stage_ = std::make_unique<Stage>(); }
  static void TearDownTestSuite() { stage_.reset(); }

  inline static std::unique_ptr<Stage> stage_;
};

TEST_P(QuickFaults, ViolateNothing) {
  const Settings settings{.seed = 1, .is_quick = true};
  const Result result{&GetParam(), run_case(GetParam(), settings, *stage_)};
  fmt::print("seed {}\n{}{}{}", settings.seed, table_head(), table_line(result), details(result));
  if (result.tally.not_run) GTEST_SKIP() << "not run: " << *result.tally.not_run;
  EXPECT_GT(result.tally.runs, 0U);
  EXPECT_EQ(result.tally.violations, 0U);
}

INSTANTIATE_TEST_SUITE_P(Cases, QuickFaults, testing::ValuesIn(quick_cases()), test_name);

}  // namespace

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

}  // namespace sojourn::faults
