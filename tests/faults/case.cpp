#include "tests/faults/case.h"

#include <fmt/format.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

namespace sojourn::faults {
namespace {

std::string as_text(const testing::TestPartResult& part) {
  return fmt::format("{}:{}: {}", part.file_name() == nullptr ? "" : part.file_name(),
                     part.line_number(), part.message());
}

}  // namespace

void Tally::violate(std::string what) {
  ++violations;
  if (shown.size() < kMaxShown) shown.push_back(std::move(what));
}

void Tally::add(const e2e::Verdict& verdict, const std::string& run) {
  ++runs;
  extra_copies += verdict.extra_copies;
  in_doubt += verdict.in_doubt;
  std::string line = run;
  for (const auto& [fate, count] : verdict.fates) {
    fates[fate] += count;
    line += fmt::format(" {}={}", to_string(fate), count);
  }
  line += fmt::format(" in_doubt={} violations={}", verdict.in_doubt, verdict.violations.size());
  notes.push_back(std::move(line));
  for (const std::string& what : verdict.violations) violate(fmt::format("{}: {}", run, what));
}

Tally run_case(const Case& one, const Settings& settings, Stage& stage) {
  Context context(settings, stage);
  if (auto why = first_missing(one.needs)) {
    context.tally().not_run = std::move(why);
    return std::move(context.tally());
  }
  testing::TestPartResultArray failed;
  {
    const testing::ScopedFakeTestPartResultReporter caught(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &failed);
    one.run(context);
  }
  for (int i = 0; i < failed.size(); ++i) {
    if (failed.GetTestPartResult(i).failed()) {
      context.tally().violate(as_text(failed.GetTestPartResult(i)));
    }
  }
  return std::move(context.tally());
}

}  // namespace sojourn::faults
