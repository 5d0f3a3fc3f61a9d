// Where the findings of `check` go, and in which form: `--format FORMAT[:FILE]`, as often
// as wanted, at most once without a file.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "base/result.h"
#include "dsl/render.h"

namespace sojourn::app {

struct CheckOutput {
  dsl::Format format = dsl::Format::kText;
  std::string file;  // empty: stdout
};

// `sarif:out.sarif`
base::Result<CheckOutput> read_output(const std::string& word);

// All of them; none is text on stdout.
base::Result<std::vector<CheckOutput>> read_outputs(const std::vector<std::string>& words);

// Every output is written, also when another cannot be; the first failure is returned.
base::Status write_outputs(const std::vector<CheckOutput>& outputs, const dsl::Findings& findings,
                           const dsl::RenderOptions& options, std::ostream& out);

}  // namespace sojourn::app
