// Branches that nobody takes, and conditions that decide nothing (proof/value_flow.h). A
// switch, which is made of constants, is set on purpose and left alone.
#include <algorithm>
#include <utility>
#include <variant>

#include "dsl/lint_journey.h"

namespace sojourn::dsl {
namespace {

using graph::StepIndex;
using proof::Verdict;

// Does a `match` stand here that has no `else`? It has to name every value.
bool names_every_value(const std::vector<Token>& tokens, Span step) {
  auto at = std::ranges::lower_bound(tokens, step.begin, {}, &Token::offset);
  std::vector<TokenKind> open;  // what has been read of the first three words
  bool is_match = false;
  int depth = 0;
  for (; at != tokens.end() && at->offset < step.end; ++at) {
    if (is_trivia(at->kind)) continue;
    // `match`, or `label: match`.
    if (open.size() < 3) {
      const bool is_first = open.empty() || (open.size() == 2 && open[1] == TokenKind::kColon);
      is_match = is_match || (is_first && at->kind == TokenKind::kwMatch);
      open.push_back(at->kind);
    }
    if (at->kind == TokenKind::kOpenBrace) ++depth;
    if (at->kind == TokenKind::kCloseBrace) --depth;
    if (at->kind == TokenKind::kwElse && depth == 1) return false;
  }
  return is_match;
}

class Branches {
 public:
  Branches(JourneyLint& lint, const proof::ValueFlow& flow) : lint_(lint), flow_(flow) {}

  void operator()(const graph::Branch& branch) {
    const std::vector<Verdict> arms = flow_.arms(at);
    for (std::size_t i = 0; i < arms.size(); ++i) {
      if (arms[i].is_switch) continue;
      if (!arms[i].can_hold) {
        if (may_be_dropped()) never(arms[i], branch.arms[i].condition);
      } else if (!arms[i].can_fail) {
        return takes_everybody(branch, i, arms[i]);
      }
    }
  }

  void operator()(const graph::WaitFor& wait) {
    const std::vector<Verdict> arms = flow_.arms(at);
    for (std::size_t i = 0; i < arms.size(); ++i) {
      if (arms[i].is_switch) continue;
      const auto* on_event = std::get_if<graph::EventArm>(&wait.arms[i]);
      const graph::ExprId condition = on_event != nullptr
                                          ? on_event->where
                                          : std::get<graph::ConditionArm>(wait.arms[i]).condition;
      if (!arms[i].can_hold) {
        never(arms[i], condition);
      } else if (on_event == nullptr && !arms[i].can_fail) {
        always(arms[i], condition);
      }
    }
  }

  void operator()(const graph::Repeat& repeat) {
    for (const Verdict& verdict : flow_.arms(at)) {
      const bool is_read = repeat.until != graph::kNoExpr && !verdict.is_switch;
      if (is_read && !verdict.can_fail) always(verdict, repeat.until);
    }
  }

  template <typename Other>
  void operator()(const Other&) {}

  StepIndex at = 0;

 private:
  bool may_be_dropped() const {
    const Span step = lint_.span_of_step(at);
    return !names_every_value(lint_.program.parsed[step.file]->tokens, step);
  }

  // `user.x is set`, or `is missing`: the types ask for it where this analysis may know
  // better, so it is no mistake.
  bool is_guard(graph::ExprId condition) const {
    const graph::Expression& node = lint_.graph.expressions[condition];
    if (node.op == graph::Op::kIsSet) {
      const proof::PathIndex path = flow_.paths().of(node.arguments[0]);
      return path == proof::kNoPath || flow_.assumptions().value_at({}, path).may_be_missing();
    }
    const bool joins =
        node.op == graph::Op::kNot || node.op == graph::Op::kAnd || node.op == graph::Op::kOr;
    return joins &&
           std::ranges::all_of(node.arguments, [&](graph::ExprId part) { return is_guard(part); });
  }

  void never(const Verdict& verdict, graph::ExprId condition) {
    if (is_guard(condition)) return;
    Diagnostic found = diagnose(messages::kUnreachableBranch, lint_.place_of(at, condition))
                           .label("this is never true");
    lint_.explain(found, flow_, verdict, condition);
    if (!found.secondary.empty()) found.primary.text = "so this is never true";
    lint_.report(std::move(found), at);
  }

  void always(const Verdict& verdict, graph::ExprId condition) {
    if (is_guard(condition)) return;
    Diagnostic found = diagnose(messages::kAlwaysTrue, lint_.place_of(at, condition));
    lint_.explain(found, flow_, verdict, condition);
    lint_.report(std::move(found), at);
  }

  // What comes after arm `i` is for nobody; that the last of several takes all that are
  // left is as it should be.
  void takes_everybody(const graph::Branch& branch, std::size_t i, const Verdict& verdict) {
    constexpr std::string_view kWhy = "the branches above take everybody";
    if (i == 0 && may_be_dropped()) return always(verdict, branch.arms[i].condition);
    if (i + 1 < branch.arms.size()) {
      if (!may_be_dropped()) return;
      const Span next = lint_.place_of(at, branch.arms[i + 1].condition);
      lint_.report(diagnose(messages::kUnreachableBranch, next).label(kWhy), at);
    } else if (branch.otherwise != graph::kCompleted && !flow_.reaches(branch.otherwise)) {
      const Span next = lint_.place_of(branch.otherwise);
      lint_.report(diagnose(messages::kUnreachableBranch, next).label(kWhy), at);
    }
  }

  JourneyLint& lint_;
  const proof::ValueFlow& flow_;
};

}  // namespace

void lint_branches(JourneyLint& lint, const proof::ValueFlow& flow) {
  Branches branches(lint, flow);
  for (StepIndex at = 0; at < lint.graph.steps.size(); ++at) {
    if (!flow.reaches(at) || !flow.decides(at)) continue;
    branches.at = at;
    std::visit(branches, lint.graph.steps[at].action);
  }
}

}  // namespace sojourn::dsl
