// `not`, `and`, `or`, `is set`, `default` and `if … then … else …`.
#include <utility>

#include "dsl/expression_parts.h"
#include "dsl/narrowing.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

Typed boolean(ExpressionContext& context, graph::Op op, std::vector<graph::ExprId> arguments,
              Span span) {
  return {type_of(Kind::kBoolean), context.emit(op, std::move(arguments), span), true, {}};
}

}  // namespace

Typed check_not(ExpressionContext& context, const Scope& scope, const ast::Not& node, Span span) {
  if (!node.operand) return context.poison(span);
  const Typed operand = check_condition(context, scope, *node.operand);
  return boolean(context, graph::Op::kNot, {operand.id}, span);
}

Typed check_is_test(ExpressionContext& context, const Scope& scope, const ast::IsTest& test,
                    Span span) {
  if (!test.operand) return context.poison(span);
  const Typed operand = check_expression(context, scope, *test.operand);
  Typed is_set = boolean(context, graph::Op::kIsSet, {operand.id}, span);
  return test.missing ? boolean(context, graph::Op::kNot, {is_set.id}, span) : is_set;
}

Typed check_and_or(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                   Span span) {
  const bool is_and = binary.op == ast::BinaryOp::kAnd;
  const Typed left = check_condition(context, scope, *binary.left);
  // The right side is looked at only when the left did not decide.
  const Scope after = with_facts(scope, facts_if(context, *binary.left, is_and));
  const Typed right = check_condition(context, after, *binary.right);
  return boolean(context, is_and ? graph::Op::kAnd : graph::Op::kOr, {left.id, right.id}, span);
}

Typed check_if(ExpressionContext& context, const Scope& scope, const ast::IfExpr& node, Span span) {
  if (!node.condition || !node.then_value || !node.else_value) return context.poison(span);
  const Typed condition = check_condition(context, scope, *node.condition);
  const Scope if_true = with_facts(scope, facts_if(context, *node.condition, true));
  const Scope if_false = with_facts(scope, facts_if(context, *node.condition, false));
  const Typed then_value = check_expression(context, if_true, *node.then_value);
  const Typed else_value = check_expression(context, if_false, *node.else_value);
  if (!then_value.known || !else_value.known) return context.poison(span);
  const auto type = common_type(then_value.type, else_value.type);
  if (!type) {
    context.report.add(diagnose(messages::kTypeMismatch, node.else_value->span,
                                quoted(then_value.type), quoted(else_value.type))
                           .note(node.then_value->span, "`then` gives this type"));
    return context.poison(span);
  }
  return {*type,
          context.emit(graph::Op::kIf, {condition.id, then_value.id, else_value.id}, span),
          true,
          {}};
}

Typed check_default(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                    Span span) {
  const Typed value = check_expression(context, scope, *binary.left);
  const Typed fallback = check_expression(context, scope, *binary.right);
  if (!value.known || !fallback.known) return context.poison(span);
  if (need_comparable(context, value, binary.left->span, fallback, binary.right->span, "default")) {
    auto type = common_type(value.type, fallback.type);
    if (type) {
      type->optional = value.type.optional && fallback.type.optional;
      return {*type, context.emit(graph::Op::kDefault, {value.id, fallback.id}, span), true, {}};
    }
    Diagnostic diagnostic = diagnose(messages::kTypeMismatch, binary.right->span,
                                     quoted(value.type), quoted(fallback.type));
    note_declared(diagnostic, value);
    context.report.add(std::move(diagnostic));
  }
  return context.poison(span);
}

}  // namespace sojourn::dsl
