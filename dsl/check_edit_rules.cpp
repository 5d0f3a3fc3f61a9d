#include "dsl/check_edit_rules.h"

#include <algorithm>
#include <fmt/core.h>
#include <utility>
#include <variant>

namespace sojourn::dsl {
namespace {

// Does the end of the step come at a time that the text chooses?
bool ends_by_time(const graph::Step& step) {
  return graph::is_resting_place(step) && !std::holds_alternative<graph::Send>(step.action);
}

RetimedStep::Kind kind_of(ast::RetimeLine::Kind kind) {
  switch (kind) {
    case ast::RetimeLine::Kind::kKeep:
      return RetimedStep::Kind::kKeep;
    case ast::RetimeLine::Kind::kRecompute:
      return RetimedStep::Kind::kRecompute;
    case ast::RetimeLine::Kind::kEarlier:
      return RetimedStep::Kind::kEarlier;
    case ast::RetimeLine::Kind::kLater:
      return RetimedStep::Kind::kLater;
  }
  return RetimedStep::Kind::kKeep;
}

class Lines {
 public:
  explicit Lines(StepContext& context) : context_(context) {}

  void operator()(const ast::OnEditClause& node) { rules.pin = node.pin; }
  void operator()(const ast::MovedLine& node) {
    gone(node.from, "moved");
    context_.references.push_back(node.to);
    rules.moved.push_back({node.from.text, node.to.text, node.from.span});
  }
  void operator()(const ast::RemovedLine& node) {
    gone(node.step, "removed");
    RemovedStep out{node.step.text, std::nullopt, {}, node.step.span};
    if (node.exit) {
      out.exit_reason = node.exit->reason ? node.exit->reason->text : "exited";
    } else {
      context_.references.push_back(node.to);
      out.to = node.to.text;
    }
    rules.removed.push_back(std::move(out));
  }
  void operator()(const ast::RetimeLine& node) {
    context_.references.push_back(node.step);
    once(node.step, retimed_, "retime");
    const auto& steps = context_.graph.steps;
    const auto step = std::ranges::find(steps, node.step.text, &graph::Step::identity);
    if (step != steps.end() && !ends_by_time(*step)) {
      context_.report.add(diagnose(messages::kNotTimed, node.step.span, node.step.text)
                              .help("`retime` is for steps that wait"));
    }
    rules.retimed.push_back({node.step.text, kind_of(node.kind), node.step.span});
  }
  template <typename Other>
  void operator()(const Other&) {}

  EditRules rules;

 private:
  // A step of an earlier version that this one no longer has.
  void gone(const ast::StepRef& step, std::string_view word) {
    if (step.text.empty()) return;
    once(step, old_, word);
    const auto known = context_.identities.find(step.text);
    if (known == context_.identities.end()) return;
    context_.report.add(
        diagnose(messages::kStepStillThere, step.span, step.text, word)
            .note(known->second, "it is here")
            .help("the line is about a step that the journey had before this edit"));
  }

  void once(const ast::StepRef& step, Places& seen, std::string_view word) {
    if (step.text.empty()) return;
    const auto [first, is_new] = seen.emplace(step.text, step.span);
    if (is_new) return;
    context_.report.add(
        diagnose(messages::kDuplicateLine, step.span, fmt::format("{} {}", word, step.text))
            .note(first->second, "first said here"));
  }

  StepContext& context_;
  Places old_;
  Places retimed_;
};

}  // namespace

EditRules check_edit_rules(const ast::Journey& journey, StepContext& context) {
  Lines lines(context);
  for (const ast::Clause& clause : journey.clauses) std::visit(lines, clause.node);
  return std::move(lines.rules);
}

}  // namespace sojourn::dsl
