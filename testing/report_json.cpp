#include <array>
#include <fmt/core.h>

#include "base/text.h"
#include "testing/report.h"

namespace sojourn::testing {
namespace {

void append_field(std::string& out, std::string_view key, std::string_view text) {
  out += fmt::format("\"{}\":", key);
  base::append_json_string(out, text);
}

void append_place(std::string& out, dsl::Span place, Files files) {
  const dsl::Position position = files[place.file].position(place.begin);
  append_field(out, "file", files[place.file].path());
  out += fmt::format(",\"line\":{},\"column\":{}", position.line, position.column);
}

void append_failure(std::string& out, const Failure& failure, Files files) {
  out += '{';
  append_place(out, failure.place, files);
  out += ',';
  append_field(out, "message", failure.message);
  out += ',';
  append_field(out, "zone", failure.zone);
  out += ",\"timeline\":[";
  bool is_first = true;
  for (const TimelineLine& line : failure.timeline) {
    out += is_first ? "\n   {" : ",\n   {";
    is_first = false;
    append_field(out, "at", base::to_iso8601(line.at));
    out += ',';
    append_field(out, "local", line.local);
    out += ',';
    append_field(out, "text", line.text);
    out += fmt::format(",\"differs\":{}}}", line.marked);
  }
  out += "]}";
}

void append_result(std::string& out, const TestResult& result, Files files) {
  out += '{';
  append_field(out, "journey", result.plan->journey);
  out += ',';
  append_field(out, "title", result.plan->title);
  out += ",\"case\":";
  if (result.case_name.empty()) {
    out += "null";
  } else {
    base::append_json_string(out, result.case_name);
  }
  out += ',';
  append_place(out, result.plan->place, files);
  out += fmt::format(",\"passed\":{},\"failure\":", !result.failure);
  if (result.failure) {
    append_failure(out, *result.failure, files);
  } else {
    out += "null";
  }
  out += '}';
}

void append_report(std::string& out, const Coverage::Report& report, Files files) {
  constexpr std::array<std::string_view, Coverage::kKinds> kKeys{"steps", "branches", "timers",
                                                                 "exits"};
  out += '{';
  append_field(out, "journey", report.journey);
  out += fmt::format(",\"percent\":{}", percent(report.sum()));
  for (int kind = 0; kind < Coverage::kKinds; ++kind) {
    out += fmt::format(",\"{}\":{{\"reached\":{},\"total\":{}}}",
                       kKeys[static_cast<std::size_t>(kind)], report.counts[kind].reached,
                       report.counts[kind].total);
  }
  out += ",\"never_reached\":[";
  for (std::size_t i = 0; i < report.missed.size(); ++i) {
    out += i == 0 ? "\n   {" : ",\n   {";
    append_place(out, report.missed[i].place, files);
    out += ',';
    append_field(out, "what", report.missed[i].what);
    out += '}';
  }
  out += "]}";
}

}  // namespace

std::string render_json(Results results, const std::vector<Coverage::Report>* coverage,
                        Files files) {
  std::string out = "{\"tests\":[";
  for (std::size_t i = 0; i < results.size(); ++i) {
    out += i == 0 ? "\n " : ",\n ";
    append_result(out, results[i], files);
  }
  out += "],\n\"coverage\":";
  if (coverage == nullptr) return out + "null}\n";
  out += '[';
  for (std::size_t i = 0; i < coverage->size(); ++i) {
    out += i == 0 ? "\n " : ",\n ";
    append_report(out, (*coverage)[i], files);
  }
  return out + "]}\n";
}

}  // namespace sojourn::testing
