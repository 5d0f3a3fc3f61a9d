#include "dsl/lint_journey.h"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>
#include <variant>

#include "dsl/report.h"

namespace sojourn::dsl {
namespace {

// More than this says less.
constexpr std::size_t kMostReasons = 3;
// Longer names of places are not repeated.
constexpr std::size_t kLongestPlace = 40;

}  // namespace

LintFindings::LintFindings(const LintedProgram& program) {
  for (const auto& file : program.parsed) {
    for (const ast::Declaration& declaration : file->ast.declarations) {
      if (std::holds_alternative<ast::Fragment>(declaration.node)) {
        fragments_.push_back(declaration.span);
      }
    }
  }
}

// By file, then place, as they were found.
bool LintFindings::is_in_fragment(Span place) const {
  const auto behind = std::ranges::upper_bound(fragments_, place);
  return behind != fragments_.begin() && std::prev(behind)->file == place.file &&
         place.begin < std::prev(behind)->end;
}

void LintFindings::add(Diagnostic diagnostic, Span step) {
  if (!is_in_fragment(diagnostic.primary.span)) {
    outside_.push_back(std::move(diagnostic));
    return;
  }
  Inside& here = inside_[{diagnostic.id, diagnostic.primary.span}];
  here.step = step;
  here.findings.push_back(std::move(diagnostic));
}

void LintFindings::note_looked_at(Span step) {
  if (is_in_fragment(step)) ++looked_at_[step];
}

void LintFindings::move_to(std::vector<Diagnostic>& diagnostics) && {
  std::ranges::move(outside_, std::back_inserter(diagnostics));
  for (auto& [key, here] : inside_) {
    if (here.findings.size() < looked_at_[here.step]) continue;
    diagnostics.push_back(std::move(here.findings.front()));
  }
}

JourneyLint::JourneyLint(const LintedProgram& linted, const CompiledJourney& journey,
                         const ast::Journey& text, LintFindings& findings)
    : program(linted), graph(journey.graph), journey_(journey), text_(text), findings_(findings) {}

void JourneyLint::report(Diagnostic diagnostic, graph::StepIndex step) {
  findings_.add(std::move(diagnostic), step == graph::kCompleted ? Span{} : span_of_step(step));
}

void JourneyLint::note_looked_at(const proof::ValueFlow& flow) {
  for (graph::StepIndex step = 0; step < graph.steps.size(); ++step) {
    if (flow.reaches(step)) findings_.note_looked_at(span_of_step(step));
  }
}

Span JourneyLint::place_of(graph::StepIndex step) const {
  const Span span = journey_.step_spans[step];
  return first_line(program.files[span.file], span);
}

Span JourneyLint::place_of(graph::StepIndex step, graph::ExprId condition) const {
  const Span whole = span_of_step(step);
  const Span part = span_of(condition);
  const bool is_inside =
      part.file == whole.file && part.begin >= whole.begin && part.end <= whole.end;
  return is_inside ? part : place_of(step);
}

Span JourneyLint::exit_line(std::size_t exit) const {
  for (const ast::Clause& clause : text_.clauses) {
    const bool is_exit = std::holds_alternative<ast::ExitOn>(clause.node) ||
                         std::holds_alternative<ast::ExitWhen>(clause.node);
    if (is_exit && exit-- == 0) return first_line(program.files[clause.span.file], clause.span);
  }
  return {};
}

template <typename Clause>
Span JourneyLint::line_of(std::size_t number) const {
  for (const ast::Clause& clause : text_.clauses) {
    if (std::holds_alternative<Clause>(clause.node) && number-- == 0) {
      return first_line(program.files[clause.span.file], clause.span);
    }
  }
  return {};
}

Span JourneyLint::one_per_line() const {
  return line_of<ast::OnePerClause>(0);
}

Span JourneyLint::holdout_line() const {
  return line_of<ast::HoldoutLine>(0);
}

Span JourneyLint::goal_line(std::size_t goal) const {
  return line_of<ast::GoalClause>(goal);
}

void JourneyLint::explain(Diagnostic& diagnostic, const proof::ValueFlow& flow,
                          const proof::Verdict& verdict, graph::ExprId condition) const {
  std::vector<proof::PathIndex> told;
  std::vector<graph::ExprId> open{condition};
  while (!open.empty() && told.size() < kMostReasons) {
    const graph::ExprId id = open.back();
    open.pop_back();
    const proof::PathIndex path = flow.paths().of(id);
    const proof::Known* known = path == proof::kNoPath ? nullptr : verdict.before.find(path);
    if (known == nullptr || known->because == graph::kNoExpr || known->because == condition ||
        std::ranges::find(told, path) != told.end()) {
      const auto& arguments = graph.expressions[id].arguments;
      open.insert(open.end(), arguments.rbegin(), arguments.rend());
      continue;
    }
    told.push_back(path);
    const std::string_view place = text_of(span_of(id));
    if (place.size() > kLongestPlace || place.find('\n') != place.npos) continue;
    diagnostic.secondary.push_back(
        {span_of(known->because),
         fmt::format("past this, `{}` is {}", place, known->values->words())});
  }
}

}  // namespace sojourn::dsl
