// One journey while it is looked at for mistakes, and the lints that need no other. Views
// into a LintedProgram; findings go to its list.
#pragma once

#include <cstddef>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/lint.h"
#include "proof/value_flow.h"

namespace sojourn::dsl {

// The findings of all journeys. What is found inside a fragment counts if it is found
// wherever the fragment is used, since it cannot be mended for one use alone.
class LintFindings {
 public:
  explicit LintFindings(const LintedProgram& program);

  // `step` is all of the step that it is about; empty when it is about none.
  void add(Diagnostic diagnostic, Span step);
  // Somebody gets to this step, so it has been looked at.
  void note_looked_at(Span step);
  void move_to(std::vector<Diagnostic>& diagnostics) &&;

 private:
  struct Inside {
    std::vector<Diagnostic> findings;  // of one kind at one place
    Span step;
  };

  bool is_in_fragment(Span place) const;

  std::vector<Span> fragments_;
  std::vector<Diagnostic> outside_;
  std::map<std::pair<MessageId, Span>, Inside> inside_;
  std::map<Span, std::size_t> looked_at_;  // how often, of steps in fragments
};

class JourneyLint {
 public:
  JourneyLint(const LintedProgram& program, const CompiledJourney& journey,
              const ast::Journey& text, LintFindings& findings);

  const LintedProgram& program;
  const graph::Graph& graph;

  // About a step, or about the clauses: graph::kCompleted.
  void report(Diagnostic diagnostic, graph::StepIndex step = graph::kCompleted);
  void note_looked_at(const proof::ValueFlow& flow);

  // Where a finding about a step points: its first line.
  Span place_of(graph::StepIndex step) const;
  Span span_of(graph::ExprId id) const { return journey_.expression_spans[id]; }
  // A condition of a step; the step when it stands elsewhere, as that of a segment does.
  Span place_of(graph::StepIndex step, graph::ExprId condition) const;
  // The line of exit rule number `exit`, and of `one per`; empty when there is none.
  Span exit_line(std::size_t exit) const;
  Span one_per_line() const;
  Span holdout_line() const;
  // The line of goal number `goal`.
  Span goal_line(std::size_t goal) const;
  std::string_view text_of(Span span) const { return program.files[span.file].slice(span); }
  // All of a step, its label included.
  Span span_of_step(graph::StepIndex step) const { return journey_.step_spans[step]; }
  // Says of a finding about `condition` what was known before it: where it was told, and
  // what it leaves.
  void explain(Diagnostic& diagnostic, const proof::ValueFlow& flow, const proof::Verdict& verdict,
               graph::ExprId condition) const;

 private:
  // The line of the clause of this kind that has this number among them; empty when there
  // is none.
  template <typename Clause>
  Span line_of(std::size_t number) const;

  const CompiledJourney& journey_;
  const ast::Journey& text_;
  LintFindings& findings_;
};

void lint_branches(JourneyLint& lint, const proof::ValueFlow& flow);
void lint_exits(JourneyLint& lint, const proof::ValueFlow& flow);
void lint_correlation(JourneyLint& lint);
void lint_short_waits(JourneyLint& lint);
void lint_own_messages(JourneyLint& lint, const proof::ValueFlow& flow);
void lint_splits(JourneyLint& lint, const proof::ValueFlow& flow);
void lint_holdout(JourneyLint& lint);

// Of the whole program.
void lint_consent(const LintedProgram& program, std::vector<Diagnostic>& diagnostics);
void lint_shared_fields(const LintedProgram& program, std::vector<Diagnostic>& diagnostics);
void lint_clock_gaps(const LintedProgram& program, std::vector<Diagnostic>& diagnostics);

}  // namespace sojourn::dsl
