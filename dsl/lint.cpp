#include "dsl/lint.h"

#include <map>
#include <string_view>
#include <utility>
#include <variant>

#include "dsl/lint_journey.h"
#include "dsl/lint_unused.h"

namespace sojourn::dsl {
namespace {

using JourneyTexts = std::map<std::string_view, const ast::Journey*>;

JourneyTexts journey_texts(const ParsedFiles& parsed) {
  JourneyTexts texts;
  for (const auto& file : parsed) {
    for (const ast::Declaration& declaration : file->ast.declarations) {
      const auto* journey = std::get_if<ast::Journey>(&declaration.node);
      if (journey != nullptr) texts.emplace(journey->name.text, journey);
    }
  }
  return texts;
}

}  // namespace

void lint(const LintedProgram& program, std::vector<Diagnostic>& diagnostics) {
  lint_unused(program.parsed, program.files, diagnostics);
  const JourneyTexts texts = journey_texts(program.parsed);
  LintFindings findings(program);
  for (const CompiledJourney& journey : program.journeys) {
    JourneyLint one(program, journey, *texts.at(journey.graph.journey), findings);
    const proof::ValueFlow flow(journey.graph, program.world.catalog);
    one.note_looked_at(flow);
    lint_branches(one, flow);
    lint_exits(one, flow);
    lint_correlation(one);
    lint_short_waits(one);
    lint_own_messages(one, flow);
    lint_splits(one, flow);
    lint_holdout(one);
  }
  std::move(findings).move_to(diagnostics);
  lint_consent(program, diagnostics);
  lint_shared_fields(program, diagnostics);
  lint_clock_gaps(program, diagnostics);
}

}  // namespace sojourn::dsl
