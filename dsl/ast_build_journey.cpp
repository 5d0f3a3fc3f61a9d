// The policy and the clauses of a journey.
#include "dsl/ast_builder.h"

namespace sojourn::dsl {
namespace {

ast::ReenterClause::Kind reenter_of(TokenKind word) {
  if (word == TokenKind::kwAlways) return ast::ReenterClause::Kind::kAlways;
  if (word == TokenKind::kwAfter) return ast::ReenterClause::Kind::kAfter;
  return ast::ReenterClause::Kind::kNever;
}

ast::WhileEnrolledClause::Kind while_enrolled_of(TokenKind word) {
  if (word == TokenKind::kwUpdate) return ast::WhileEnrolledClause::Kind::kUpdate;
  if (word == TokenKind::kwRestart) return ast::WhileEnrolledClause::Kind::kRestart;
  return ast::WhileEnrolledClause::Kind::kIgnore;
}

ast::PriorityClause::Level priority_of(TokenKind word) {
  if (word == TokenKind::kwLow) return ast::PriorityClause::Level::kLow;
  if (word == TokenKind::kwHigh) return ast::PriorityClause::Level::kHigh;
  return ast::PriorityClause::Level::kNormal;
}

ast::RetimeLine::Kind retime_of(TokenKind word) {
  if (word == TokenKind::kwRecompute) return ast::RetimeLine::Kind::kRecompute;
  if (word == TokenKind::kwEarlier) return ast::RetimeLine::Kind::kEarlier;
  if (word == TokenKind::kwLater) return ast::RetimeLine::Kind::kLater;
  return ast::RetimeLine::Kind::kKeep;
}

// Lines about people who are inside while the journey is edited; they may stand
// anywhere in it.
bool is_version_line(CstKind kind) {
  return kind == CstKind::kMoved || kind == CstKind::kRemoved || kind == CstKind::kRetime;
}

}  // namespace

// --- Lines that policy and journeys share -------------------------------------------

ast::Rate AstBuilder::rate(CstRef node) {
  return {node.span(), expr_in(node, 0), expr_in(node, 1)};
}

ast::QuietLine AstBuilder::quiet(CstRef node) {
  ast::QuietLine line;
  line.scope = name_in(node);
  line.from = expr_in(node, 0);
  line.to = expr_in(node, 1);
  for (const CstRef child : children_of(node)) {
    if (child.is(CstKind::kName)) line.days.push_back(name(child));
  }
  if (!line.days.empty()) line.days.erase(line.days.begin());  // the scope
  line.defer_up_to = clause_expr(node, CstKind::kUpTo);
  return line;
}

ast::HoldoutLine AstBuilder::holdout(CstRef node) {
  return {percent_in(node), name_in(node)};
}

// --- Policy ---------------------------------------------------------------------------

ast::Policy AstBuilder::policy(CstRef node) {
  ast::Policy result;
  for (const CstRef child : children_of(node)) {
    if (child.is(CstKind::kAllow)) {
      allows_.push_back(allow(child));
    } else {
      result.lines.push_back(policy_line(child));
    }
  }
  report_dangling_allows();
  return result;
}

ast::PolicyLine AstBuilder::policy_line(CstRef node) {
  ast::PolicyLine line{node.span(), ast::Invalid{}};
  give_allows(line.span);
  if (node.incomplete()) return line;
  switch (node.kind()) {
    case CstKind::kTimezone:
      line.node = ast::TimezoneLine{expr_in(node)};
      break;
    case CstKind::kWorkdays: {
      const auto from = node.child(CstKind::kDay, 0);
      const auto to = node.child(CstKind::kDay, 1);
      const auto except = node.child(CstKind::kExcept);
      if (!from || !to) break;
      line.node = ast::WorkdaysLine{day(*from), day(*to), except ? name_in(*except) : ast::Name{}};
      break;
    }
    case CstKind::kQuiet:
      line.node = quiet(node);
      break;
    case CstKind::kCap: {
      ast::CapLine cap{name_in(node), {}, clause_expr(node, CstKind::kUpTo)};
      for (const CstRef child : children_of(node)) {
        if (child.is(CstKind::kRate)) cap.rates.push_back(rate(child));
      }
      line.node = std::move(cap);
      break;
    }
    case CstKind::kHoldout:
      line.node = holdout(node);
      break;
    case CstKind::kRequire: {
      ast::RequireLine require;
      for (const CstRef child : children_of(node)) require.clauses.push_back(name(child));
      line.node = std::move(require);
      break;
    }
    case CstKind::kForbid:
      line.node = ast::ForbidLine{name_in(node), text_in(node)};
      break;
    case CstKind::kDeadline:
      line.node = ast::DeadlineLine{expr_in(node)};
      break;
    case CstKind::kKeep:
      line.node = ast::KeepLine{name_in(node), expr_in(node)};
      break;
    default:
      break;
  }
  return line;
}

// --- Journeys -------------------------------------------------------------------------

ast::Journey AstBuilder::journey(CstRef node) {
  ast::Journey result;
  result.name = declared_name_in(node);
  if (node.child(CstKind::kText)) result.title = text_in(node);
  result.block.span = node.span();
  const auto body = node.child(CstKind::kBlock);
  if (!body) return result;
  result.block.span = body->span();
  first_step_.reset();
  result.block.steps.reserve(count_children(*body, CstKind::kStep));
  for (const CstRef child : children_of(*body)) journey_item(child, result);
  report_dangling_allows();
  return result;
}

void AstBuilder::journey_item(CstRef node, ast::Journey& journey) {
  switch (node.kind()) {
    case CstKind::kAllow:
      allows_.push_back(allow(node));
      return;
    case CstKind::kStep:
      journey.block.steps.push_back(step(node));
      if (journey.block.steps.size() == 1) first_step_ = node.span();
      return;
    case CstKind::kSkipped:
      allows_.clear();
      journey.block.steps.push_back({node.span(), std::nullopt, ast::InvalidStep{}});
      return;
    default:
      break;
  }
  const auto inner = node.first_child();
  if (inner && !node.incomplete() && !is_version_line(inner->kind())) report_late_clause(node);
  journey.clauses.push_back(clause(node));
}

// The first clause below the first step; more of them have the same cause.
void AstBuilder::report_late_clause(CstRef node) {
  if (!first_step_) return;
  const Span begin{first_step_->file, first_step_->begin, first_step_->begin + 1};
  faults_.add(diagnose(messages::kClauseAfterStep, node.span())
                  .note(begin, "the steps begin here")
                  .help("move it up, above the first step"));
  first_step_.reset();
}

ast::Clause AstBuilder::clause(CstRef node) {
  ast::Clause result{node.span(), ast::Invalid{}};
  give_allows(result.span);
  const auto inner = node.first_child();
  if (inner && !node.incomplete()) result.node = clause_node(*inner);
  return result;
}

ast::ClauseNode AstBuilder::clause_node(CstRef node) {
  switch (node.kind()) {
    case CstKind::kOwner:
      return ast::OwnerClause{text_in(node)};
    case CstKind::kOnePer: {
      ast::OnePerClause one_per;
      for (const CstRef child : children_of(node)) one_per.values.push_back(expr(child));
      return one_per;
    }
    case CstKind::kReenter: {
      ast::ReenterClause reenter{reenter_of(word_in(node)), nullptr,
                                 clause_expr(node, CstKind::kUpTo)};
      if (node.child(CstKind::kExpression)) reenter.after = expr_in(node);
      return reenter;
    }
    case CstKind::kWhileEnrolled:
      return ast::WhileEnrolledClause{while_enrolled_of(word_in(node)),
                                      clause_expr(node, CstKind::kUpTo)};
    case CstKind::kPace: {
      const auto found = node.child(CstKind::kRate);
      if (!found) return ast::Invalid{};
      return ast::PaceClause{rate(*found), clause_expr(node, CstKind::kUpTo)};
    }
    case CstKind::kExitOn:
      return ast::ExitOn{trigger_in(node), as_name_in(node)};
    case CstKind::kExitWhen:
      return ast::ExitWhen{expr_in(node), clause_expr(node, CstKind::kFor), as_name_in(node)};
    case CstKind::kGoal:
      return ast::GoalClause{
          declared_name_in(node), trigger_in(node), clause_expr(node, CstKind::kWithin),
          clause_expr(node, CstKind::kValue), node.child(CstKind::kAndExit).has_value()};
    case CstKind::kTimezone:
      return ast::TimezoneLine{expr_in(node)};
    case CstKind::kQuiet:
      return quiet(node);
    case CstKind::kJourneyData:
      return ast::DataClause{needed_map_in(node)};
    case CstKind::kPriority:
      return ast::PriorityClause{priority_of(word_in(node))};
    case CstKind::kHoldout:
      return holdout(node);
    case CstKind::kOnEdit:
      return ast::OnEditClause{word_in(node) == TokenKind::kwPin};
    case CstKind::kMoved:
      return ast::MovedLine{step_ref_in(node, 0), step_ref_in(node, 1)};
    case CstKind::kRemoved:
      if (const auto exits = node.child(CstKind::kExit)) {
        return ast::RemovedLine{step_ref_in(node), exit(*exits), {}};
      }
      return ast::RemovedLine{step_ref_in(node, 0), std::nullopt, step_ref_in(node, 1)};
    case CstKind::kRetime:
      return ast::RetimeLine{step_ref_in(node), retime_of(word_in(node))};
    default:
      return entry_or_assert(node);
  }
}

ast::ClauseNode AstBuilder::entry_or_assert(CstRef node) {
  switch (node.kind()) {
    case CstKind::kEnterOn:
      return ast::EnterOn{trigger_in(node)};
    case CstKind::kEnterWhen:
      return ast::EnterWhen{expr_in(node)};
    case CstKind::kEnterOnDate: {
      ast::EnterOnDate enter;
      enter.every_year = node.child(CstKind::kEveryYear).has_value();
      enter.field = expr_in(node, 0);
      if (const auto sign = node.child(CstKind::kOperator)) {
        enter.minus = sign->first_kind() == TokenKind::kMinus;
        enter.offset = expr_in(node, 1);
      }
      enter.at = clause_expr(node, CstKind::kAtTime);
      return enter;
    }
    case CstKind::kEnterOnList:
      return ast::EnterOnList{name_in(node)};
    case CstKind::kEnterOnApi:
      return ast::EnterOnApi{fields_in(node)};
    case CstKind::kEnterEvery: {
      const auto found = node.child(CstKind::kDay);
      if (!found) return ast::Invalid{};
      return ast::EnterEvery{day(*found), clause_expr(node, CstKind::kAtTime), name_in(node)};
    }
    case CstKind::kEnterAt:
      return ast::EnterAt{expr_in(node), name_in(node)};
    case CstKind::kAssertAtMost: {
      const auto of = node.child(CstKind::kOf);
      return ast::AssertAtMost{expr_in(node), of ? name_in(*of) : ast::Name{},
                               clause_expr(node, CstKind::kPer)};
    }
    case CstKind::kAssertEnds:
      return ast::AssertEndsWithin{clause_expr(node, CstKind::kWithin)};
    case CstKind::kAssertNoSend:
      return ast::AssertNoSendAfter{name_in(node), trigger_in(node)};
    case CstKind::kAssertReaches:
      return ast::AssertReaches{step_ref_in(node)};
    default:
      return ast::Invalid{};
  }
}

}  // namespace sojourn::dsl
