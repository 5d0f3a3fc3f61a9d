#include <fmt/core.h>
#include <map>

#include "base/markup.h"
#include "testing/report.h"

namespace sojourn::testing {
namespace {

// XML 1.0 has no place for most control characters, not even escaped; the breaks of lines would be
// spaces in an attribute.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : base::markup_escaped(text)) {
    if (c == '\n' || c == '\t') {
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return out;
}

std::string timeline_text(const Failure& failure) {
  std::string text;
  for (const TimelineLine& line : failure.timeline) {
    text += fmt::format("{} {}  {}\n", line.marked ? '>' : ' ', line.local, line.text);
  }
  return text + fmt::format("local times of {}\n", failure.zone);
}

void append_case(std::string& out, const TestResult& result, Files files) {
  std::string name = result.plan->title;
  if (!result.case_name.empty()) name += fmt::format(" case {}", result.case_name);
  const dsl::Span place = result.plan->place;
  out +=
      fmt::format("    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\"",
                  escaped(result.plan->journey), escaped(name), escaped(files[place.file].path()),
                  files[place.file].position(place.begin).line);
  if (!result.failure) {
    out += "/>\n";
    return;
  }
  const Failure& failure = *result.failure;
  out += fmt::format(">\n      <failure message=\"{}: {}\">{}</failure>\n    </testcase>\n",
                     escaped(place_text(failure.place, files)), escaped(failure.message),
                     escaped(timeline_text(failure)));
}

struct Suite {
  int tests = 0;
  int failures = 0;
  std::string cases;
};

}  // namespace

std::string render_junit(Results results, Files files) {
  std::map<std::string, Suite> suites;
  Suite all;
  for (const TestResult& result : results) {
    Suite& suite = suites[result.plan->journey];
    const int failed = result.failure ? 1 : 0;
    ++suite.tests;
    ++all.tests;
    suite.failures += failed;
    all.failures += failed;
    append_case(suite.cases, result, files);
  }
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{}\">\n",
      all.tests, all.failures);
  for (const auto& [journey, suite] : suites) {
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n{}  </testsuite>\n",
                       escaped(journey), suite.tests, suite.failures, suite.cases);
  }
  return out + "</testsuites>\n";
}

}  // namespace sojourn::testing
