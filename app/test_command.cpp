#include "app/test_command.h"

#include <algorithm>
#include <fmt/core.h>
#include <optional>
#include <ostream>
#include <re2/re2.h>
#include <thread>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/project.h"
#include "app/test_workers.h"
#include "app/wanted_paths.h"
#include "app/write_file.h"
#include "dsl/render.h"
#include "testing/report.h"

namespace sojourn::app {
namespace {

constexpr std::string_view kNothingTested = "{\"tests\":[],\n\"coverage\":null}\n";

// The runs that the paths and `--run` leave.
base::Result<std::vector<testing::TestRun>> wanted_runs(const TestOptions& options,
                                                        const Project& project) {
  std::vector<std::string> paths = options.paths;
  if (paths.empty()) paths = {project.root};
  const auto wanted = WantedPaths::resolve(paths, project.root);
  if (!wanted) return tl::unexpected(wanted.error());
  const RE2 expression(options.run, RE2::Quiet);
  if (!expression.ok()) {
    return base::failure(
        base::Error::Kind::kInvalid,
        fmt::format("`{}` is not a regular expression: {}", options.run, expression.error()),
        "RE2's syntax is meant; put a backslash before `(`, `[` and `.`");
  }
  const dsl::Compilation& compilation = project.compilation;
  std::vector<const dsl::TestPlan*> plans;
  for (const dsl::TestPlan& plan : compilation.program->tests) {
    if (!wanted->include(compilation.files[plan.place.file].path())) continue;
    const std::string name = testing::name_of({&plan, {}, std::nullopt});
    if (RE2::PartialMatch(name, expression)) plans.push_back(&plan);
  }
  return testing::runs_of(plans);
}

std::vector<testing::Coverage::Report> coverage_of(const testing::TestProgram& program,
                                                   const TestedRuns& tested) {
  std::vector<bool> has_test(program.journeys().size(), false);
  for (const testing::TestResult& result : tested.results) {
    has_test[program.journey(result.plan->journey)] = true;
  }
  return tested.coverage.report(has_test);
}

int percent_of_all(const std::vector<testing::Coverage::Report>& reports) {
  testing::Coverage::Count all;
  for (const testing::Coverage::Report& report : reports) {
    all.reached += report.sum().reached;
    all.total += report.sum().total;
  }
  return testing::percent(all);
}

int threads_of(const TestOptions& options) {
  if (options.jobs > 0) return options.jobs;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

// Writes what was asked for; says how it went.
int report(const TestOptions& options, const testing::TestProgram& program,
           const TestedRuns& tested, testing::Files files, std::ostream& out, std::ostream& err) {
  const auto coverage = coverage_of(program, tested);
  if (options.json) {
    out << testing::render_json(tested.results, options.coverage ? &coverage : nullptr, files);
  } else {
    out << testing::render_text(tested.results, files);
    if (options.coverage) out << testing::render_text(coverage, files);
  }
  if (!options.junit_file.empty()) {
    const auto written =
        write_file(options.junit_file, testing::render_junit(tested.results, files));
    if (!written) return report_error(written.error(), err);
  }
  const bool failed = std::ranges::any_of(
      tested.results, [](const auto& result) { return result.failure.has_value(); });
  const int reached = percent_of_all(coverage);
  if (options.coverage && reached < options.coverage_min) {
    err << fmt::format("coverage is {} %, less than the {} % asked for\n", reached,
                       options.coverage_min);
    return kFindings;
  }
  return failed ? kFindings : kClean;
}

}  // namespace

int test(const TestOptions& options, std::ostream& out, std::ostream& err) {
  const auto could_not_run = [&](const base::Error& error) {
    if (options.json) out << kNothingTested;
    return report_error(error, err);
  };
  const auto project = load_project(options.paths.empty() ? "." : options.paths.front());
  if (!project) return could_not_run(project.error());
  const dsl::Compilation& compilation = project->compilation;
  if (!compilation.program) {
    if (options.json) out << kNothingTested;
    err << dsl::render_text(compilation.diagnostics, compilation.files, {});
    err << "nothing was tested: the journeys have faults\n";
    return kFindings;
  }
  const auto runs = wanted_runs(options, *project);
  if (!runs) return could_not_run(runs.error());
  if (runs->empty() && !options.run.empty()) {
    return could_not_run({base::Error::Kind::kNotFound,
                          fmt::format("no test matches `{}`", options.run),
                          "leave --run out to see the names of all tests"});
  }
  const testing::TestProgram program(*compilation.program);
  const auto tested = run_tests(program, *runs, threads_of(options));
  if (!tested) return could_not_run(tested.error());
  return report(options, program, *tested, compilation.files, out, err);
}

}  // namespace sojourn::app
