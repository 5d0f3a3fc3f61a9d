// Literals, and what expressions say about events.
#include "dsl/ast_builder.h"

namespace sojourn::dsl {
namespace {

ast::EngagementVerb verb_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kwReceived:
      return ast::EngagementVerb::kReceived;
    case TokenKind::kwSent:
      return ast::EngagementVerb::kSent;
    case TokenKind::kwClicked:
      return ast::EngagementVerb::kClicked;
    case TokenKind::kwBounced:
      return ast::EngagementVerb::kBounced;
    case TokenKind::kwComplained:
      return ast::EngagementVerb::kComplained;
    case TokenKind::kwUnsubscribed:
      return ast::EngagementVerb::kUnsubscribed;
    default:
      return ast::EngagementVerb::kOpened;
  }
}

ast::Question::Quantifier quantifier_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kwNo:
      return ast::Question::Quantifier::kNo;
    case TokenKind::kwEvery:
      return ast::Question::Quantifier::kEvery;
    case TokenKind::kwLeast:
      return ast::Question::Quantifier::kAtLeast;
    case TokenKind::kwMost:
      return ast::Question::Quantifier::kAtMost;
    case TokenKind::kwExactly:
      return ast::Question::Quantifier::kExactly;
    default:
      return ast::Question::Quantifier::kAny;
  }
}

ast::Membership::Kind membership_of(TokenKind kind) {
  switch (kind) {
    case TokenKind::kwSegment:
      return ast::Membership::Kind::kInSegment;
    case TokenKind::kwJourney:
      return ast::Membership::Kind::kInJourney;
    case TokenKind::kwSubscribed:
      return ast::Membership::Kind::kSubscribedTo;
    case TokenKind::kwLeft:
      return ast::Membership::Kind::kLeft;
    default:
      return ast::Membership::Kind::kInList;
  }
}

}  // namespace

void AstBuilder::report_literal(const LiteralFault& fault, CstRef node) {
  const MessageArgument text(node.text());
  Diagnostic diagnostic = make_diagnostic(fault.message, node.span(), {&text, 1});
  if (!fault.help.empty()) diagnostic.helps.push_back(fault.help);
  if (!fault.better.empty()) diagnostic.fix.push_back({node.span(), fault.better});
  faults_.add(std::move(diagnostic));
}

template <typename Node, typename Value>
ast::ExprNode AstBuilder::literal_node(const Literal<Value>& value, CstRef node) {
  if (value) return Node{*value};
  report_literal(value.error(), node);
  return ast::Invalid{};
}

ast::ExprNode AstBuilder::literal(CstRef node) {
  const std::string_view text = node.text();
  switch (node.first_kind()) {
    case TokenKind::kInteger:
      return literal_node<ast::IntegerLiteral>(integer_value(text), node);
    case TokenKind::kNumber:
      return literal_node<ast::NumberLiteral>(number_value(text), node);
    case TokenKind::kPercent:
      return literal_node<ast::PercentLiteral>(percent_value(text), node);
    case TokenKind::kDuration:
      return literal_node<ast::DurationLiteral>(duration_value(text), node);
    case TokenKind::kTimeOfDay:
      return literal_node<ast::TimeOfDayLiteral>(time_of_day_value(text), node);
    case TokenKind::kDate:
      return literal_node<ast::DateLiteral>(date_value(text), node);
    case TokenKind::kTimestamp: {
      auto value = timestamp_value(text);
      // The name stands between the brackets at the end.
      const auto length = value ? static_cast<std::uint32_t>(value->zone_name.text.size()) : 0;
      const Span span = node.span();
      if (length > 0) value->zone_name.span = {span.file, span.end - 1 - length, span.end - 1};
      return literal_node<ast::TimestampLiteral>(value, node);
    }
    case TokenKind::kwTrue:
      return ast::BooleanLiteral{true};
    case TokenKind::kwFalse:
      return ast::BooleanLiteral{false};
    case TokenKind::kwMissing:
      return ast::MissingLiteral{};
    default:
      return ast::Invalid{};  // kBadNumber, which the lexer reported
  }
}

ast::StringLiteral AstBuilder::string_literal(CstRef node) {
  ast::StringLiteral result;
  for (const CstRef child : children_of(node)) {
    if (child.is(CstKind::kExpression)) {
      result.parts.push_back({{}, expr(child)});
      continue;
    }
    const TokenKind kind = child.first_kind();
    if (kind == TokenKind::kUnterminatedString) continue;
    const bool opens = kind == TokenKind::kStringOpen || kind == TokenKind::kStringMiddle;
    std::string text = string_piece(child, 1, opens ? 2 : 1);
    if (!text.empty()) result.parts.push_back({std::move(text), nullptr});
  }
  return result;
}

ast::Engagement AstBuilder::engagement(CstRef node) {
  const auto verb = node.child(CstKind::kWord);
  return {verb_of(word_in(node)), verb ? verb->span() : node.span(), name_in(node)};
}

ast::Window AstBuilder::window_in(CstRef parent) {
  using Kind = ast::Window::Kind;
  ast::Window result;
  const auto node = only(parent, CstKind::kWindow);
  if (!node) return result;
  result.span = node->span();
  if (node->child(CstKind::kWithin)) {
    result.kind = Kind::kWithin;
    result.within = clause_expr(*node, CstKind::kWithin);
  } else if (node->child(CstKind::kStepRef)) {
    result.kind = Kind::kSinceStep;
    result.step = step_ref_in(*node);
  } else if (word_in(*node) == TokenKind::kwEver) {
    result.kind = Kind::kEver;
  } else if (word_in(*node) == TokenKind::kwBefore) {
    result.kind = Kind::kBeforeEntry;
  } else {
    result.kind = Kind::kSinceEntry;
  }
  return result;
}

ast::Collection AstBuilder::collection(CstRef node) {
  ast::Collection result;
  result.span = node.span();
  if (node.incomplete()) return result;
  if (const auto subject = node.child(CstKind::kEngagement)) {
    result.kind = ast::Collection::Kind::kEngagement;
    result.engagement = engagement(*subject);
  } else {
    result.kind = ast::Collection::Kind::kPath;
    result.path = expr_in(node);
  }
  result.where = clause_expr(node, CstKind::kWhere);
  result.window = window_in(node);
  return result;
}

ast::Question AstBuilder::question(CstRef node) {
  ast::Question result;
  result.quantifier = quantifier_of(word_in(node));
  if (node.child(CstKind::kExpression)) result.count = expr_in(node);
  if (const auto over = node.child(CstKind::kCollection)) result.collection = collection(*over);
  return result;
}

ast::Aggregate AstBuilder::aggregate(CstRef node) {
  ast::Aggregate result;
  result.function = name_in(node);
  if (const auto over = node.child(CstKind::kCollection)) {
    result.collection = collection(*over);
    result.first = clause_expr(*over, CstKind::kFirst);
  }
  return result;
}

ast::Membership AstBuilder::membership(CstRef node) {
  return {membership_of(word_in(node)), name_in(node), as_name_in(node),
          clause_expr(node, CstKind::kWithin)};
}

ast::Trigger AstBuilder::trigger_in(CstRef parent) {
  if (const auto found = parent.child(CstKind::kTrigger)) return trigger(*found);
  ast::Trigger hole;
  hole.span = parent.span();
  return hole;
}

ast::Trigger AstBuilder::trigger(CstRef node) {
  ast::Trigger result;
  result.span = node.span();
  if (node.incomplete()) return result;
  if (const auto subject = node.child(CstKind::kEngagement)) {
    result.kind = ast::Trigger::Kind::kEngagement;
    result.engagement = engagement(*subject);
  } else if (node.child(CstKind::kExpression)) {
    result.kind = ast::Trigger::Kind::kChanged;
    result.field = expr_in(node);
  } else {
    result.kind = ast::Trigger::Kind::kEvent;
    result.event = name_in(node);
  }
  result.where = clause_expr(node, CstKind::kWhere);
  return result;
}

}  // namespace sojourn::dsl
