// JUnit XML: a suite for each file that was looked at; a failed case for each of its
// findings, or one case that passed.
#include <algorithm>
#include <fmt/core.h>

#include "dsl/display_text.h"
#include "dsl/render_forms.h"

namespace sojourn::dsl {
namespace {

// XML 1.0 has no control characters but line break and tab. Ill-formed UTF-8 does not
// occur: source lines and messages are shown without it.
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

void write_case(std::string& out, const Diagnostic& diagnostic, const Findings& findings) {
  const MessageInfo& info = message_info(diagnostic.id);
  const Position at = region_of(diagnostic.primary.span, findings.files).begin;
  const std::string path = printable(findings.files[diagnostic.primary.span.file].path());
  out += fmt::format("    <testcase classname=\"{}\" name=\"{} {} at {}:{}\">\n", xml(path),
                     info.code, info.name, at.line, at.column);
  out += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
                     severity_word(diagnostic.severity), xml(diagnostic.message),
                     xml(render_text({&diagnostic, 1}, findings.files)));
}

void write_suite(std::string& out, FileIndex file, const Findings& findings) {
  const auto is_here = [&](const Diagnostic& d) { return d.primary.span.file == file; };
  const auto count = std::ranges::count_if(findings.diagnostics, is_here);
  const std::string path = xml(printable(findings.files[file].path()));
  out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\">\n", path,
                     std::max<std::ptrdiff_t>(count, 1), count);
  if (count == 0) out += fmt::format("    <testcase classname=\"{}\" name=\"check\"/>\n", path);
  for (const Diagnostic& diagnostic : findings.diagnostics) {
    if (is_here(diagnostic)) write_case(out, diagnostic, findings);
  }
  out += "  </testsuite>\n";
}

void write_failure(std::string& out, std::string_view failure) {
  out += "  <testsuite name=\"sojourn check\" tests=\"1\" failures=\"0\" errors=\"1\">\n";
  out += "    <testcase classname=\"sojourn check\" name=\"run\">\n";
  out += fmt::format("      <error message=\"{}\"/>\n", xml(printable(failure)));
  out += "    </testcase>\n  </testsuite>\n";
}

}  // namespace

std::string render_junit(const Findings& findings) {
  std::size_t tests = findings.failure.empty() ? 0 : 1;
  std::string suites;
  for (const FileIndex file : findings.looked_at) {
    const auto is_here = [&](const Diagnostic& d) { return d.primary.span.file == file; };
    const auto count = std::ranges::count_if(findings.diagnostics, is_here);
    tests += static_cast<std::size_t>(std::max<std::ptrdiff_t>(count, 1));
    write_suite(suites, file, findings);
  }
  if (!findings.failure.empty()) write_failure(suites, findings.failure);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"sojourn check\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n{}"
      "</testsuites>\n",
      tests, findings.diagnostics.size(), findings.failure.empty() ? 0 : 1, suites);
}

}  // namespace sojourn::dsl
