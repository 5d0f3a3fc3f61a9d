// Steps, except the ones that wait.
#include "dsl/ast_builder.h"

namespace sojourn::dsl {

ast::Block AstBuilder::block(CstRef node) {
  ast::Block result{node.span(), {}};
  // Steps are large, and moving them to a larger place holds them twice.
  result.steps.reserve(count_children(node, CstKind::kStep));
  for (const CstRef child : children_of(node)) {
    switch (child.kind()) {
      case CstKind::kAllow:
        allows_.push_back(allow(child));
        break;
      case CstKind::kStep:
        result.steps.push_back(step(child));
        break;
      default:
        allows_.clear();
        result.steps.push_back({child.span(), std::nullopt, ast::InvalidStep{}});
    }
  }
  report_dangling_allows();
  return result;
}

std::optional<ast::Block> AstBuilder::block_in(CstRef parent) {
  const auto found = parent.child(CstKind::kBlock);
  if (!found) return std::nullopt;
  return block(*found);
}

ast::Block AstBuilder::needed_block_in(CstRef parent) {
  auto found = block_in(parent);
  return found ? std::move(*found) : ast::Block{parent.span(), {}};
}

std::optional<ast::Block> AstBuilder::else_in(CstRef parent, CstKind kind) {
  const auto clause = only(parent, kind);
  if (!clause) return std::nullopt;
  if (const auto single = clause->child(CstKind::kStep)) {
    ast::Block result{single->span(), {}};
    result.steps.push_back(step(*single));
    return result;
  }
  return needed_block_in(*clause);
}

ast::Step AstBuilder::step(CstRef node) {
  ast::Step result;
  result.span = node.span();
  give_allows(result.span);
  if (const auto label = node.child(CstKind::kLabel)) result.label = declared_name_in(*label);
  if (node.incomplete()) return result;
  for (const CstRef child : children_of(node)) {
    if (!child.is(CstKind::kLabel)) result.node = statement(child);
  }
  return result;
}

ast::StepNode AstBuilder::statement(CstRef node) {
  switch (node.kind()) {
    case CstKind::kSend:
      return send(node);
    case CstKind::kWait:
      return ast::WaitFor{expr_in(node), clause_expr(node, CstKind::kAtTime)};
    case CstKind::kWaitUntilTime:
      return wait_until_time(node);
    case CstKind::kWaitUntil:
      return wait_until(node);
    case CstKind::kWaitForEvent:
      return wait_for_event(node);
    case CstKind::kWaitForCondition:
      return wait_for_condition(node);
    case CstKind::kWaitRace:
      return wait_race(node);
    case CstKind::kSchedule:
      return schedule(node);
    case CstKind::kCollect:
      return collect(node);
    case CstKind::kIf:
      return if_step(node);
    case CstKind::kMatch:
      return match(node);
    case CstKind::kSplit:
      return split(node);
    case CstKind::kLet:
      return ast::Let{declared_name_in(node), expr_in(node)};
    case CstKind::kUpdateUser:
      return ast::UpdateUser{needed_map_in(node)};
    case CstKind::kTrack:
      return ast::Track{name_in(node), needed_map_in(node)};
    case CstKind::kAddToList:
      return ast::ListChange{true, name_in(node)};
    case CstKind::kRemoveFromList:
      return ast::ListChange{false, name_in(node)};
    case CstKind::kSubscribe:
      return ast::SubscriptionChange{true, name_in(node)};
    case CstKind::kUnsubscribe:
      return ast::SubscriptionChange{false, name_in(node)};
    case CstKind::kCallWebhook:
      return call_webhook(node);
    case CstKind::kStart: {
      const auto with = node.child(CstKind::kWith);
      return ast::StartJourney{name_in(node), with ? map_in(*with) : std::nullopt};
    }
    case CstKind::kRepeat:
      return repeat(node);
    case CstKind::kUse:
      return use(node);
    case CstKind::kExit:
      return exit(node);
    default:
      return ast::InvalidStep{};
  }
}

ast::Send AstBuilder::send(CstRef node) {
  ast::Send result;
  result.campaign = name_in(node);
  if (const auto with = only(node, CstKind::kWith)) result.with = map_in(*with);
  if (const auto at = only(node, CstKind::kAtBestTime)) result.at_best_time = at->span();
  result.within = clause_expr(node, CstKind::kWithin);
  result.before = clause_expr(node, CstKind::kBefore);
  exclude(node, CstKind::kWithin, CstKind::kBefore);
  if (const auto again = only(node, CstKind::kAgain)) result.again = again->span();
  result.otherwise = else_in(node, CstKind::kElse);
  return result;
}

ast::If AstBuilder::if_step(CstRef node) {
  ast::If result;
  for (const CstRef child : children_of(node)) {
    if (!child.is(CstKind::kBranch)) continue;
    result.branches.push_back({child.span(), expr_in(child), needed_block_in(child)});
  }
  result.otherwise = else_in(node, CstKind::kElse);
  return result;
}

ast::Match AstBuilder::match(CstRef node) {
  ast::Match result;
  result.value = expr_in(node);
  for (const CstRef child : children_of(node)) {
    if (!child.is(CstKind::kMatchArm)) continue;
    ast::Match::Arm arm{child.span(), {}, needed_block_in(child)};
    for (const CstRef part : children_of(child)) {
      if (!part.is(CstKind::kPattern)) continue;
      ast::Match::Pattern pattern{part.span(), expr_in(part, 0), nullptr};
      if (part.child(CstKind::kExpression, 1)) pattern.high = expr_in(part, 1);
      arm.patterns.push_back(std::move(pattern));
    }
    result.arms.push_back(std::move(arm));
  }
  result.otherwise = else_in(node, CstKind::kElse);
  return result;
}

ast::Split AstBuilder::split(CstRef node) {
  ast::Split result;
  result.name = declared_name_in(node);
  result.by = clause_expr(node, CstKind::kBy);
  if (const auto measure = only(node, CstKind::kMeasure)) {
    ast::Split::Measure part{measure->span(), std::nullopt, name_in(*measure),
                             clause_expr(*measure, CstKind::kWithin)};
    if (part.goal.text == "opened") part.verb = ast::EngagementVerb::kOpened;
    if (part.goal.text == "clicked") part.verb = ast::EngagementVerb::kClicked;
    if (part.verb) part.goal = {};
    result.measure = std::move(part);
  }
  if (const auto decide = only(node, CstKind::kDecide)) {
    result.decide = ast::Split::Decide{decide->span(), expr_in(*decide), percent_in(*decide)};
  }
  for (const CstRef child : children_of(node)) {
    if (!child.is(CstKind::kSplitArm)) continue;
    const auto share = child.child(CstKind::kPercent);
    result.arms.push_back({child.span(), percent_in(child), share ? share->span() : child.span(),
                           declared_name_in(child), block_in(child)});
  }
  return result;
}

ast::CallWebhook AstBuilder::call_webhook(CstRef node) {
  ast::CallWebhook result;
  result.webhook = name_in(node);
  if (const auto with = only(node, CstKind::kWith)) result.with = map_in(*with);
  result.binding = as_name_in(node);
  result.up_to = clause_expr(node, CstKind::kUpTo);
  result.then_block = block_in(node);
  result.otherwise = else_in(node, CstKind::kElse);
  return result;
}

ast::Repeat AstBuilder::repeat(CstRef node) {
  ast::ExprPtr times = clause_expr(node, CstKind::kUpTo);
  if (!times) times = invalid_expr(node.span());
  return {std::move(times), clause_expr(node, CstKind::kUntil), needed_block_in(node)};
}

ast::Use AstBuilder::use(CstRef node) {
  ast::Use result{name_in(node), {}};
  for (const CstRef child : children_of(node)) {
    if (child.is(CstKind::kExpression)) result.arguments.push_back(expr(child));
  }
  return result;
}

ast::Exit AstBuilder::exit(CstRef node) {
  return {as_name_in(node)};
}

}  // namespace sojourn::dsl
