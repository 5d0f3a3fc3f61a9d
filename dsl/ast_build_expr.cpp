// Expressions: operators by precedence, and their operands.
#include <algorithm>
#include <array>

#include "dsl/ast_builder.h"

namespace sojourn::dsl {
namespace {

using ast::BinaryOp;

// Loosest first. Operators of one level group to the left, except that those which
// answer true or false do not chain.
enum Level : int { kOr, kAnd, kNot, kCompare, kIn, kText, kSum, kProduct, kIs, kDefault, kNegate };

struct Infix {
  TokenKind token;
  BinaryOp op;
  Level level;
};
constexpr std::array kInfixes = {
    Infix{TokenKind::kwOr, BinaryOp::kOr, kOr},
    Infix{TokenKind::kwAnd, BinaryOp::kAnd, kAnd},
    Infix{TokenKind::kEqual, BinaryOp::kEqual, kCompare},
    Infix{TokenKind::kNotEqual, BinaryOp::kNotEqual, kCompare},
    Infix{TokenKind::kLess, BinaryOp::kLess, kCompare},
    Infix{TokenKind::kLessEqual, BinaryOp::kLessEqual, kCompare},
    Infix{TokenKind::kGreater, BinaryOp::kGreater, kCompare},
    Infix{TokenKind::kGreaterEqual, BinaryOp::kGreaterEqual, kCompare},
    Infix{TokenKind::kwIn, BinaryOp::kIn, kIn},
    Infix{TokenKind::kwContains, BinaryOp::kContains, kText},
    Infix{TokenKind::kwStarts, BinaryOp::kStartsWith, kText},
    Infix{TokenKind::kwEnds, BinaryOp::kEndsWith, kText},
    Infix{TokenKind::kwMatches, BinaryOp::kMatches, kText},
    Infix{TokenKind::kPlus, BinaryOp::kAdd, kSum},
    Infix{TokenKind::kMinus, BinaryOp::kSubtract, kSum},
    Infix{TokenKind::kStar, BinaryOp::kMultiply, kProduct},
    Infix{TokenKind::kSlash, BinaryOp::kDivide, kProduct},
    Infix{TokenKind::kwDefault, BinaryOp::kDefault, kDefault},
};

const Infix* infix_of(CstRef op) {
  const auto* found = std::find_if(kInfixes.begin(), kInfixes.end(),
                                   [&](const Infix& i) { return i.token == op.first_kind(); });
  return found == kInfixes.end() ? nullptr : found;
}

// Of an operator between or behind operands.
Level level_of(CstRef op) {
  const Infix* infix = infix_of(op);
  return infix ? infix->level : kIs;
}

bool chains(Level level) {
  return level != kCompare && level != kIn && level != kText;
}

}  // namespace

// The operators and operands of one kExpression, read from left to right.
struct AstBuilder::Chain {
  std::vector<CstRef> parts;
  std::size_t next = 0;
  const CstRef* peek() const { return next < parts.size() ? &parts[next] : nullptr; }
};

ast::ExprPtr AstBuilder::make_expr(Span span, ast::ExprNode node) {
  return std::make_unique<ast::Expr>(ast::Expr{span, std::move(node)});
}

ast::ExprPtr AstBuilder::invalid_expr(Span span) {
  return make_expr(span, ast::Invalid{});
}

ast::ExprPtr AstBuilder::expr(CstRef node) {
  if (node.incomplete()) return invalid_expr(node.span());
  Chain parts;
  int levels = 1;  // every operator may add one
  for (const CstRef child : children_of(node)) {
    parts.parts.push_back(child);
    if (child.is(CstKind::kOperator)) ++levels;
  }
  if (depth_ + levels > ast::kMaxTreeDepth) {
    faults_.add(diagnose(messages::kTooDeep, node.span(), ast::kMaxTreeDepth)
                    .help("split the expression with `let`"));
    return invalid_expr(node.span());
  }
  depth_ += levels;
  ast::ExprPtr result = chain(parts, kOr);
  depth_ -= levels;
  return result;
}

ast::ExprPtr AstBuilder::expr_in(CstRef parent, int n) {
  const auto found = parent.child(CstKind::kExpression, n);
  return found ? expr(*found) : invalid_expr(parent.span());
}

ast::ExprPtr AstBuilder::clause_expr(CstRef parent, CstKind clause) {
  const auto found = only(parent, clause);
  return found ? expr_in(*found) : nullptr;
}

// The longest expression of operators that bind at least as tightly as `least`.
ast::ExprPtr AstBuilder::chain(Chain& parts, int least) {
  ast::ExprPtr left = chain_start(parts);
  int unchained = -1;  // level of the comparison that `left` is, if it is one
  bool is_chained = false;
  while (const CstRef* op = parts.peek()) {
    const Level level = level_of(*op);
    if (level < least) break;
    if (level == unchained && !is_chained) {
      is_chained = true;
      faults_.add(diagnose(messages::kChainedComparison, op->span(), op->text())
                      .help("join two comparisons with `and`, or add parentheses"));
    }
    ++parts.next;
    left = apply_infix(parts, std::move(left), *op);
    unchained = chains(level) ? -1 : level;
  }
  // What it would compare is not what was meant, so its types are not looked at.
  if (is_chained) return invalid_expr(left->span);
  return left;
}

// Prefix operators and the operand behind them.
ast::ExprPtr AstBuilder::chain_start(Chain& parts) {
  const CstRef first = parts.parts[parts.next++];
  if (!first.is(CstKind::kOperator)) return operand(first);
  const bool is_not = first.first_kind() == TokenKind::kwNot;
  ast::ExprPtr inner = chain(parts, is_not ? kNot : kNegate);
  const Span span = cover(first.span(), inner->span);
  if (is_not) return make_expr(span, ast::Not{std::move(inner)});
  return make_expr(span, ast::Negate{std::move(inner)});
}

ast::ExprPtr AstBuilder::apply_infix(Chain& parts, ast::ExprPtr left, CstRef op) {
  const Span begin = left->span;
  const Infix* infix = infix_of(op);
  if (!infix) {
    const bool missing = op.last_kind() == TokenKind::kwMissing;
    return make_expr(cover(begin, op.span()), ast::IsTest{std::move(left), missing});
  }
  ast::ExprPtr right = chain(parts, infix->level + 1);
  const Span span = cover(begin, right->span);
  return make_expr(span, ast::Binary{infix->op, op.span(), std::move(left), std::move(right)});
}

ast::ExprPtr AstBuilder::operand(CstRef node) {
  const auto base = node.first_child();
  if (node.incomplete() || !base) return invalid_expr(node.span());
  ast::ExprPtr result;
  if (base->is(CstKind::kParenthesis)) {
    // The span keeps the parentheses; the tree does not need them.
    result = expr_in(*base);
    result->span = base->span();
  } else {
    result = make_expr(base->span(), primary(*base));
  }
  int fields = 0;
  for (auto field = base->next(node); field; field = field->next(node)) {
    if (depth_ + ++fields > ast::kMaxTreeDepth) {
      faults_.add(diagnose(messages::kTooDeep, field->span(), ast::kMaxTreeDepth));
      return invalid_expr(node.span());
    }
    const Span span = cover(base->span(), field->span());
    result = make_expr(span, ast::FieldRef{std::move(result), name(*field)});
  }
  return result;
}

ast::ExprNode AstBuilder::primary(CstRef node) {
  switch (node.kind()) {
    case CstKind::kLiteral:
      return literal(node);
    case CstKind::kString:
      return string_literal(node);
    case CstKind::kNameRef:
      return ast::NameRef{{std::string(node.text()), node.span(), false}};
    case CstKind::kListLiteral: {
      ast::ListLiteral list;
      for (const CstRef item : children_of(node)) list.items.push_back(expr(item));
      return list;
    }
    case CstKind::kMapLiteral:
      return ast::MapLiteral{needed_map_in(node)};
    case CstKind::kIfExpression:
      return ast::IfExpr{expr_in(node, 0), expr_in(node, 1), expr_in(node, 2)};
    case CstKind::kCall: {
      ast::Call call{name_in(node), {}};
      for (const CstRef child : children_of(node)) {
        if (child.is(CstKind::kExpression)) call.arguments.push_back(expr(child));
      }
      return call;
    }
    case CstKind::kAggregate:
      return aggregate(node);
    case CstKind::kQuestion:
      return question(node);
    case CstKind::kEngagementTest: {
      const auto subject = node.child(CstKind::kEngagement);
      return ast::EngagementTest{subject ? engagement(*subject) : ast::Engagement{},
                                 clause_expr(node, CstKind::kWhere), window_in(node)};
    }
    case CstKind::kMembership:
      return membership(node);
    default:
      return ast::Invalid{};
  }
}

}  // namespace sojourn::dsl
