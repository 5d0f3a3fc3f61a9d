// `sojourn-faults`: tests/faults/README.md.
#include <cstdlib>
#include <fmt/core.h>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "tests/faults/all_cases.h"
#include "tests/faults/options.h"
#include "tests/faults/report.h"

namespace sojourn::faults {
namespace {

constexpr int kViolated = 1;
constexpr int kCouldNotRun = 2;

int could_not_run(const base::Error& error) {
  fmt::print(stderr, "faults: {}\n", error.message);
  if (!error.hint.empty()) fmt::print(stderr, "  {}\n", error.hint);
  return kCouldNotRun;
}

Cases chosen(const Options& options) {
  const std::regex pattern(options.case_pattern);
  Cases out;
  for (Case& one : all_cases()) {
    if (options.settings.is_quick && !one.is_quick) continue;
    if (std::regex_match(one.name, pattern)) out.push_back(std::move(one));
  }
  return out;
}

base::Status write(const std::filesystem::path& path, const std::string& text) {
  if (path.empty()) return {};
  std::ofstream file(path, std::ios::trunc);
  file << text;
  file.close();
  if (file.good()) return {};
  return base::failure(base::Error::Kind::kUnavailable,
                       fmt::format("cannot write `{}`", path.string()));
}

int run(const Options& options, const Cases& cases) {
  Stage stage;
  std::vector<Result> results;
  fmt::print("seed {}\n{}", options.settings.seed, table_head());
  bool is_violated = false;
  for (const Case& one : cases) {
    results.push_back({&one, run_case(one, options.settings, stage)});
    fmt::print("{}{}", table_line(results.back()), details(results.back()));
    std::fflush(stdout);
    is_violated |= results.back().tally.violations > 0;
  }
  fmt::print("{}", summary(results));
  for (const auto& written : {write(options.markdown_file, as_markdown(results)),
                              write(options.log_file, as_log(results, options.settings.seed))}) {
    if (!written) return could_not_run(written.error());
  }
  return is_violated ? kViolated : EXIT_SUCCESS;
}

}  // namespace
}  // namespace sojourn::faults

int main(int argc, char** argv) {
  using namespace sojourn::faults;
  const auto options = parse_options(std::vector<std::string>(argv + 1, argv + argc));
  if (!options) return could_not_run(options.error());
  if (options->wants_help) {
    fmt::print("{}", help_text());
    return EXIT_SUCCESS;
  }
  const Cases cases = chosen(*options);
  if (cases.empty()) {
    return could_not_run({sojourn::base::Error::Kind::kNotFound,
                          fmt::format("no case is named `{}`", options->case_pattern),
                          "--list shows all"});
  }
  if (options->only_lists) {
    fmt::print("{}", list_text(cases));
    return EXIT_SUCCESS;
  }
  return run(*options, cases);
}
