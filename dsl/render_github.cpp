// Workflow commands of GitHub Actions:
//
//   ::error file=PATH,line=L,endLine=L,col=C,endColumn=C,title=TITLE::MESSAGE
//
// `%`, line breaks and, in a property, `:` and `,` are percent-encoded. Columns are
// taken only when a finding begins and ends on one line.
#include <fmt/core.h>

#include "dsl/render_forms.h"

namespace sojourn::dsl {
namespace {

std::string escaped(std::string_view text, std::string_view special) {
  std::string out;
  for (const char c : text) {
    if (special.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string as_message(std::string_view text) {
  return escaped(text, "%\r\n");
}

std::string as_property(std::string_view text) {
  return escaped(text, "%\r\n:,");
}

std::string body_of(const Diagnostic& diagnostic) {
  std::string body = diagnostic.message;
  if (!diagnostic.primary.text.empty()) body += "\n" + diagnostic.primary.text;
  for (const std::string& help : diagnostic.helps) body += "\nhelp: " + help;
  return body;
}

}  // namespace

std::string render_github(const Findings& findings) {
  std::string out;
  if (!findings.failure.empty()) {
    out += fmt::format("::error title=sojourn check::{}\n", as_message(findings.failure));
  }
  for (const Diagnostic& diagnostic : findings.diagnostics) {
    const MessageInfo& info = message_info(diagnostic.id);
    const Span span = diagnostic.primary.span;
    const Region region = region_of(span, findings.files);
    const std::string path = std::string(findings.root) + findings.files[span.file].path();
    out += fmt::format("::{} file={},line={},endLine={}", severity_word(diagnostic.severity),
                       as_property(path), region.begin.line, region.end.line);
    if (region.begin.line == region.end.line) {
      out += fmt::format(",col={},endColumn={}", region.begin.column, region.end.column);
    }
    out += fmt::format(",title={}::{}\n", as_property(fmt::format("{} {}", info.code, info.name)),
                       as_message(body_of(diagnostic)));
  }
  return out;
}

}  // namespace sojourn::dsl
