// Which form is which, and those of one line each.
#include "dsl/render.h"

#include <array>
#include <fmt/core.h>
#include <utility>

#include "dsl/display_text.h"
#include "dsl/render_forms.h"

namespace sojourn::dsl {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 7> kFormats = {{
    {"text", Format::kText},
    {"concise", Format::kConcise},
    {"json", Format::kJson},
    {"ndjson", Format::kNdjson},
    {"sarif", Format::kSarif},
    {"github", Format::kGithub},
    {"junit", Format::kJunit},
}};

}  // namespace

std::optional<Format> format_named(std::string_view word) {
  for (const auto& [name, format] : kFormats) {
    if (name == word) return format;
  }
  return std::nullopt;
}

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> names;
  names.reserve(kFormats.size());
  for (const auto& [name, format] : kFormats) names.push_back(name);
  return names;
}

Region region_of(Span span, std::span<const SourceFile> files) {
  return {files[span.file].position(span.begin), files[span.file].position(span.end)};
}

std::string render_concise(const Findings& findings) {
  std::string out;
  for (const Diagnostic& diagnostic : findings.diagnostics) {
    const MessageInfo& info = message_info(diagnostic.id);
    const Span span = diagnostic.primary.span;
    const Position at = region_of(span, findings.files).begin;
    out += fmt::format("{}:{}:{}: {}[{}] {}: {}\n", printable(findings.files[span.file].path()),
                       at.line, at.column, severity_word(diagnostic.severity), info.code, info.name,
                       diagnostic.message);
  }
  return out;
}

std::string render(Format format, const Findings& findings, const RenderOptions& options) {
  switch (format) {
    case Format::kText:
      return render_text(findings.diagnostics, findings.files, options);
    case Format::kConcise:
      return render_concise(findings);
    case Format::kJson:
      return render_json(findings.diagnostics, findings.files);
    case Format::kNdjson:
      return render_ndjson(findings);
    case Format::kSarif:
      return render_sarif(findings);
    case Format::kGithub:
      return render_github(findings);
    case Format::kJunit:
      return render_junit(findings);
  }
  return {};
}

}  // namespace sojourn::dsl
