// `+ - * /` over numbers, durations, dates and timestamps.
#include <array>
#include <fmt/core.h>
#include <utility>

#include "dsl/expression_parts.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

struct Rule {
  ast::BinaryOp op;
  Kind left;
  Kind right;
  graph::Op node;
  Kind result;
};

constexpr std::array kRules = {
    Rule{ast::BinaryOp::kAdd, Kind::kTimestamp, Kind::kDuration, graph::Op::kAddDuration,
         Kind::kTimestamp},
    Rule{ast::BinaryOp::kSubtract, Kind::kTimestamp, Kind::kDuration, graph::Op::kSubtractDuration,
         Kind::kTimestamp},
    Rule{ast::BinaryOp::kAdd, Kind::kDate, Kind::kDuration, graph::Op::kAddDuration, Kind::kDate},
    Rule{ast::BinaryOp::kSubtract, Kind::kDate, Kind::kDuration, graph::Op::kSubtractDuration,
         Kind::kDate},
    Rule{ast::BinaryOp::kSubtract, Kind::kTimestamp, Kind::kTimestamp, graph::Op::kDifference,
         Kind::kDuration},
    Rule{ast::BinaryOp::kSubtract, Kind::kDate, Kind::kDate, graph::Op::kDifference,
         Kind::kDuration},
    Rule{ast::BinaryOp::kAdd, Kind::kDuration, Kind::kDuration, graph::Op::kAdd, Kind::kDuration},
    Rule{ast::BinaryOp::kSubtract, Kind::kDuration, Kind::kDuration, graph::Op::kSubtract,
         Kind::kDuration},
    Rule{ast::BinaryOp::kMultiply, Kind::kInteger, Kind::kDuration, graph::Op::kMultiply,
         Kind::kDuration},
    Rule{ast::BinaryOp::kMultiply, Kind::kDuration, Kind::kInteger, graph::Op::kMultiply,
         Kind::kDuration},
};

graph::Op numeric_op(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::kAdd:
      return graph::Op::kAdd;
    case ast::BinaryOp::kSubtract:
      return graph::Op::kSubtract;
    case ast::BinaryOp::kMultiply:
      return graph::Op::kMultiply;
    default:
      return graph::Op::kDivide;
  }
}

bool is_nonzero_literal(const graph::Graph& graph, graph::ExprId id) {
  const graph::Expression& node = graph.expressions[id];
  if (node.op != graph::Op::kConstant) return false;
  if (node.constant.kind() == graph::Value::Kind::kInteger) return node.constant.as_integer() != 0;
  return node.constant.kind() == graph::Value::Kind::kNumber && node.constant.as_number() != 0;
}

Typed numeric(ExpressionContext& context, const ast::Binary& binary, const Typed& left,
              const Typed& right, Span span) {
  const bool divides = binary.op == ast::BinaryOp::kDivide;
  const bool whole =
      left.type.kind == Kind::kInteger && right.type.kind == Kind::kInteger && !divides;
  graph::Type type = type_of(whole ? Kind::kInteger : Kind::kNumber);
  // Division by zero gives a missing value.
  type.optional = divides && !is_nonzero_literal(context.graph, right.id);
  return {
      std::move(type), context.emit(numeric_op(binary.op), {left.id, right.id}, span), true, {}};
}

void report_operands(ExpressionContext& context, const ast::Binary& binary, const Typed& left,
                     const Typed& right, Span span) {
  Diagnostic diagnostic = diagnose(messages::kWrongOperand, span, spelling(binary.op),
                                   fmt::format("{} and {}", quoted(left.type), quoted(right.type)));
  if (is_text(left.type) && is_text(right.type)) {
    diagnostic.helps.emplace_back("join strings inside one: `\"${a} ${b}\"`");
  }
  note_declared(diagnostic, left);
  note_declared(diagnostic, right);
  context.report.add(std::move(diagnostic));
}

Typed combine(ExpressionContext& context, const ast::Binary& binary, const Typed& left,
              const Typed& right, Span span) {
  if (is_numeric(left.type) && is_numeric(right.type)) {
    return numeric(context, binary, left, right, span);
  }
  for (const Rule& rule : kRules) {
    if (rule.op != binary.op || rule.left != left.type.kind || rule.right != right.type.kind) {
      continue;
    }
    const bool optional = left.type.optional || right.type.optional;
    return {as_optional(type_of(rule.result), optional),
            context.emit(rule.node, {left.id, right.id}, span),
            true,
            {}};
  }
  report_operands(context, binary, left, right, span);
  return context.poison(span);
}

}  // namespace

std::string_view spelling(ast::BinaryOp op) {
  static constexpr std::array<std::string_view, 18> kSpellings = {
      "or",       "and",         "==",        "!=",      "<", "<=", ">", ">=", "in",
      "contains", "starts with", "ends with", "matches", "+", "-",  "*", "/",  "default"};
  return kSpellings[static_cast<std::size_t>(op)];
}

Typed check_arithmetic(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                       Span span) {
  Typed left = check_expression(context, scope, *binary.left);
  Typed right = check_expression(context, scope, *binary.right);
  const bool is_date =
      left.known && (left.type.kind == Kind::kTimestamp || left.type.kind == Kind::kDate);
  if (!(is_date && scope.dates_may_be_missing)) {
    const std::string needer = fmt::format("`{}`", spelling(binary.op));
    left = need_value(context, std::move(left), binary.left->span, needer);
    right = need_value(context, std::move(right), binary.right->span, needer);
  }
  if (!left.known || !right.known) return context.poison(span);
  return combine(context, binary, left, right, span);
}

Typed check_negate(ExpressionContext& context, const Scope& scope, const ast::Negate& node,
                   Span span) {
  if (!node.operand) return context.poison(span);
  Typed operand = check_value(context, scope, *node.operand, "`-`");
  if (!operand.known) return operand;
  if (!is_numeric(operand.type) && operand.type.kind != Kind::kDuration) {
    context.report.add(
        diagnose(messages::kWrongOperand, node.operand->span, "-", quoted(operand.type)));
    return context.poison(span);
  }
  // A negative literal is a literal.
  const graph::Value constant = context.graph.expressions[operand.id].constant;
  if (constant.kind() == graph::Value::Kind::kInteger && constant.as_integer() != INT64_MIN) {
    operand.id = context.emit_constant(graph::Value(-constant.as_integer()), span);
  } else if (constant.kind() == graph::Value::Kind::kNumber) {
    operand.id = context.emit_constant(graph::Value(-constant.as_number()), span);
  } else {
    operand.id = context.emit(graph::Op::kNegate, {operand.id}, span);
  }
  operand.path.clear();
  return operand;
}

}  // namespace sojourn::dsl
