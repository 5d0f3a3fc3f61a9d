#include <algorithm>
#include <array>
#include <fmt/core.h>

#include "testing/report.h"

namespace sojourn::testing {
namespace {

void append_failure(std::string& out, const Failure& failure, Files files) {
  out += fmt::format("  {}: {}\n\n", place_text(failure.place, files), failure.message);
  std::size_t width = 0;
  for (const TimelineLine& line : failure.timeline) width = std::max(width, line.local.size());
  std::string shown;
  for (const TimelineLine& line : failure.timeline) {
    // The time stands where it changes.
    const bool is_new = line.local != shown;
    out += fmt::format("  {} {:<{}}  {}\n", line.marked ? '>' : ' ', is_new ? line.local : "",
                       width, line.text);
    if (!line.local.empty()) shown = line.local;
  }
  out += fmt::format("    local times of {}\n\n", failure.zone);
}

}  // namespace

std::string place_text(dsl::Span place, Files files) {
  const dsl::SourceFile& file = files[place.file];
  const dsl::Position position = file.position(place.begin);
  return fmt::format("{}:{}:{}", file.path(), position.line, position.column);
}

std::string render_text(Results results, Files files) {
  std::string out;
  std::size_t failed = 0;
  for (const TestResult& result : results) {
    out += fmt::format("{}  {}\n", result.failure ? "FAIL" : "ok  ", name_of(result));
    if (!result.failure) continue;
    ++failed;
    append_failure(out, *result.failure, files);
  }
  return out + fmt::format("{} passed, {} failed\n", results.size() - failed, failed);
}

std::string render_text(const std::vector<Coverage::Report>& coverage, Files files) {
  constexpr std::array<std::string_view, Coverage::kKinds> kWords{"steps", "branches", "timers",
                                                                  "exits"};
  std::string out;
  for (const Coverage::Report& report : coverage) {
    out += fmt::format("coverage {:>3} %  {}:", percent(report.sum()), report.journey);
    for (int kind = 0; kind < Coverage::kKinds; ++kind) {
      const Coverage::Count& count = report.counts[kind];
      out += fmt::format("{} {} of {} {}", kind == 0 ? "" : ",", count.reached, count.total,
                         kWords[static_cast<std::size_t>(kind)]);
    }
    out += '\n';
    for (const Coverage::Missed& missed : report.missed) {
      out += fmt::format("  never reached: {}: {}\n", place_text(missed.place, files), missed.what);
    }
  }
  return out;
}

}  // namespace sojourn::testing
