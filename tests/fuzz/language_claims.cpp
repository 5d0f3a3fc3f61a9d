#include <string>
#include <vector>

#include "base/check.h"
#include "calendar/tzdata/system_zones.h"
#include "dsl/compile.h"
#include "dsl/format.h"
#include "dsl/parse.h"
#include "dsl/render.h"
#include "graph/encode.h"
#include "graph/verify.h"
#include "tests/fuzz/claims.h"

namespace sojourn::fuzz {
namespace {

calendar::ZoneSource& zones() {
  static const auto source = tzdata::SystemZones::open();
  SOJOURN_CHECK(source.has_value(), "this machine has a zone database");
  return **source;
}

bool points_into(const dsl::Span& span, std::string_view text) {
  return span.file == 0 && span.begin <= span.end && span.end <= text.size();
}

void check_findings(const dsl::Compilation& compiled, std::string_view text) {
  for (const dsl::Diagnostic& finding : compiled.diagnostics) {
    SOJOURN_CHECK(points_into(finding.primary.span, text), "a finding points into the text");
    for (const dsl::Label& label : finding.secondary) {
      SOJOURN_CHECK(points_into(label.span, text), "a label points into the text");
    }
  }
  const std::vector<dsl::FileIndex> looked_at{0};
  const dsl::Findings findings{compiled.diagnostics, compiled.files, looked_at, {}, {}};
  for (const std::string_view name : dsl::format_names()) {
    const std::string written = dsl::render(*dsl::format_named(name), findings);
    SOJOURN_CHECK(!written.empty() || compiled.diagnostics.empty(), "a finding is written");
  }
}

std::vector<std::string_view> words_of(const dsl::ParsedFile& parsed, std::string_view text) {
  std::vector<std::string_view> words;
  for (const dsl::Token& token : parsed.tokens) {
    const bool is_space =
        token.kind == dsl::TokenKind::kSpace || token.kind == dsl::TokenKind::kBom;
    if (is_space || token.kind == dsl::TokenKind::kComment) continue;
    words.push_back(token.text(text));
  }
  return words;
}

void check_format(std::string_view text) {
  const dsl::ParsedFile before = dsl::parse(text, 0);
  const dsl::Formatted once = dsl::format(text, 0);
  SOJOURN_CHECK(once.diagnostics.empty() == before.diagnostics.empty(),
                "what parses has a style, and nothing else has");
  if (!once.diagnostics.empty()) return;
  const dsl::ParsedFile after = dsl::parse(once.text, 0);
  SOJOURN_CHECK(words_of(before, text) == words_of(after, once.text), "no token is lost or moved");
  SOJOURN_CHECK(dsl::format(once.text, 0).text == once.text, "what is in style stays as it is");
}

void check_graphs(const dsl::Program& program) {
  for (const dsl::CompiledJourney& journey : program.journeys) {
    SOJOURN_CHECK(graph::verify(journey.graph).has_value(), "a compiled graph is sound");
    const std::string bytes = graph::encode(journey.graph);
    if (bytes.size() > graph::kMaxEncodedBytes) continue;
    const auto stored = graph::decode(bytes);
    SOJOURN_CHECK(stored && *stored == journey.graph, "a stored graph is the graph");
  }
}

}  // namespace

void hold_language_claims(std::string_view text) {
  const dsl::SourceText source{"fuzzed.journey", std::string(text)};
  const dsl::Compilation compiled = dsl::compile({&source, 1}, zones());
  check_findings(compiled, text);
  if (compiled.program) check_graphs(*compiled.program);
  check_format(text);
}

}  // namespace sojourn::fuzz
