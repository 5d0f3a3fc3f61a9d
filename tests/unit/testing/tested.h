// A program with its tests, written as an author would, and run.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/compile.h"
#include "testing/coverage.h"
#include "testing/runner.h"
#include "testing/test_program.h"

namespace sojourn::testing {

class Tested {
 public:
  // Runs every test of the text, put behind kWorld. The text must be without faults.
  explicit Tested(std::string_view text);
  Tested(const Tested&) = delete;
  Tested& operator=(const Tested&) = delete;

  const TestProgram& program() const { return *program_; }
  const std::vector<TestResult>& results() const { return results_; }
  const std::vector<dsl::SourceFile>& files() const { return compilation_.files; }
  // What the first test failed for; empty when it passed.
  std::string failure() const;
  // Of the only journey.
  Coverage::Report covered() const;
  const Coverage& coverage() const { return *coverage_; }
  Coverage empty_coverage() const { return Coverage(*program_); }

  static constexpr std::string_view kWorld = R"(
user { plan "free" | "pro", seats integer = 1, stage string, endsAt timestamp }
event signup { plan string? }
event login
event purchase { amount number }
event finished { stage string? }
message_type news    = 1 marketing opt_in
message_type account = 2 transactional opt_out
campaign welcome email account { data { plan string?, seats integer? } }
campaign tour    email account
campaign tips    email news
campaign text    sms   account
policy { timezone user.timeZone default "Europe/Berlin" }
)";

 private:
  dsl::Compilation compilation_;
  std::unique_ptr<TestProgram> program_;
  std::vector<TestResult> results_;
  std::unique_ptr<Coverage> coverage_;
};

}  // namespace sojourn::testing
