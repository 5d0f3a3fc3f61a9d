// Steps that wait.
#include "dsl/ast_builder.h"

namespace sojourn::dsl {

std::optional<ast::Otherwise> AstBuilder::otherwise_in(CstRef parent, CstKind kind) {
  const auto clause = only(parent, kind);
  if (!clause) return std::nullopt;
  ast::Otherwise result;
  result.span = clause->span();
  if (const auto exits = clause->child(CstKind::kExit)) {
    result.kind = ast::Otherwise::Kind::kExit;
    result.exit = exit(*exits);
  } else if (auto steps = block_in(*clause)) {
    result.kind = ast::Otherwise::Kind::kBlock;
    result.block = std::move(*steps);
  }
  return result;
}

std::optional<ast::Since> AstBuilder::since_in(CstRef parent) {
  const auto node = only(parent, CstKind::kSince);
  if (!node) return std::nullopt;
  ast::Since result{ast::Since::Kind::kEntry, node->span(), {}};
  if (node->child(CstKind::kStepRef)) {
    result.kind = ast::Since::Kind::kStep;
    result.step = step_ref_in(*node);
  } else if (word_in(*node) == TokenKind::kwHere) {
    result.kind = ast::Since::Kind::kHere;
  }
  return result;
}

ast::Day AstBuilder::day(CstRef node) {
  ast::Day result;
  result.span = node.span();
  const TokenKind word = word_in(node);
  if (word == TokenKind::kwWorkday) {
    result.kind = ast::Day::Kind::kWorkday;
  } else if (node.child(CstKind::kExpression)) {
    result.kind = ast::Day::Kind::kOfMonth;
    result.day_of_month = expr_in(node);
    const auto* number = std::get_if<ast::IntegerLiteral>(&result.day_of_month->node);
    if (number && (number->value < 1 || number->value > 31)) {
      faults_.add(diagnose(messages::kBadDayOfMonth, result.day_of_month->span,
                           std::to_string(number->value)));
      result.day_of_month = invalid_expr(result.day_of_month->span);
    }
  } else if (word != TokenKind::kwDay) {
    constexpr TokenKind kWeek[] = {
        TokenKind::kwMonday, TokenKind::kwTuesday,  TokenKind::kwWednesday, TokenKind::kwThursday,
        TokenKind::kwFriday, TokenKind::kwSaturday, TokenKind::kwSunday};
    result.kind = ast::Day::Kind::kWeekday;
    for (int i = 0; i < 7; ++i) {
      if (kWeek[i] == word) result.weekday = i + 1;
    }
  }
  return result;
}

ast::WaitUntilTime AstBuilder::wait_until_time(CstRef node) {
  ast::WaitUntilTime result;
  if (const auto found = node.child(CstKind::kDay)) result.day = day(*found);
  result.from = expr_in(node, 0);
  if (node.child(CstKind::kExpression, 1)) result.to = expr_in(node, 1);
  return result;
}

ast::WaitUntil AstBuilder::wait_until(CstRef node) {
  ast::WaitUntil result;
  result.moment = expr_in(node);
  result.at = clause_expr(node, CstKind::kAtTime);
  result.up_to = clause_expr(node, CstKind::kUpTo);
  result.past = otherwise_in(node, CstKind::kPast);
  result.missing = otherwise_in(node, CstKind::kMissing);
  return result;
}

ast::WaitForEvent AstBuilder::wait_for_event(CstRef node) {
  return {trigger_in(node), as_name_in(node),
          since_in(node),   clause_expr(node, CstKind::kUpTo),
          block_in(node),   else_in(node, CstKind::kTimeout)};
}

ast::WaitForCondition AstBuilder::wait_for_condition(CstRef node) {
  return {expr_in(node), clause_expr(node, CstKind::kUpTo), block_in(node),
          else_in(node, CstKind::kTimeout)};
}

ast::WaitRace AstBuilder::wait_race(CstRef node) {
  ast::WaitRace result;
  result.up_to = clause_expr(node, CstKind::kUpTo);
  for (const CstRef child : children_of(node)) {
    ast::WaitRace::Arm arm;
    arm.span = child.span();
    switch (child.kind()) {
      case CstKind::kOnArm:
        arm.trigger = trigger_in(child);
        arm.binding = as_name_in(child);
        arm.since = since_in(child);
        break;
      case CstKind::kWhenArm:
        arm.kind = ast::WaitRace::Arm::Kind::kWhen;
        arm.condition = expr_in(child);
        break;
      case CstKind::kTimeoutArm:
        arm.kind = ast::WaitRace::Arm::Kind::kTimeout;
        break;
      default:
        continue;
    }
    arm.block = needed_block_in(child);
    result.arms.push_back(std::move(arm));
  }
  only(node, CstKind::kTimeoutArm);
  return result;
}

ast::Schedule AstBuilder::schedule(CstRef node) {
  ast::Schedule result;
  result.moment = expr_in(node);
  result.up_to = clause_expr(node, CstKind::kUpTo);
  result.missing = otherwise_in(node, CstKind::kMissing);
  for (const CstRef child : children_of(node)) {
    if (!child.is(CstKind::kRung)) continue;
    result.rungs.push_back({child.span(), expr_in(child), word_in(child) == TokenKind::kwBefore,
                            clause_expr(child, CstKind::kAtTime), needed_block_in(child)});
  }
  return result;
}

ast::Collect AstBuilder::collect(CstRef node) {
  ast::Collect result;
  result.trigger = trigger_in(node);
  result.binding = as_name_in(node).value_or(ast::Name{});
  result.duration = clause_expr(node, CstKind::kFor);
  result.keep = clause_expr(node, CstKind::kKeep);
  return result;
}

}  // namespace sojourn::dsl
