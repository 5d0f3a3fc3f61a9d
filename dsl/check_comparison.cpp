// Comparisons. Both sides may be missing: then they are neither equal, less nor
// greater.
#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "dsl/expression_parts.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

Typed boolean(ExpressionContext& context, graph::Op op, std::vector<graph::ExprId> arguments,
              Span span) {
  return {type_of(Kind::kBoolean), context.emit(op, std::move(arguments), span), true, {}};
}

bool is_literal(const graph::Type& type) {
  return type.kind == Kind::kOneOf && type.choices.size() == 1;
}

void report_not_one_of(ExpressionContext& context, const Typed& one_of, Span one_of_span,
                       const graph::Type& literal, Span literal_span) {
  const auto& choices = one_of.type.choices;
  const std::vector<std::string_view> known(choices.begin(), choices.end());
  Diagnostic diagnostic = diagnose(messages::kNotOneOf, literal_span,
                                   context.report.words(one_of_span, "this"), quoted(literal))
                              .label(suggestion(literal.choices[0], known))
                              .help(fmt::format("it is one of {}", quoted(one_of.type)));
  note_declared(diagnostic, one_of);
  context.report.add(std::move(diagnostic));
}

graph::Op op_of(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::kEqual:
      return graph::Op::kEqual;
    case ast::BinaryOp::kNotEqual:
      return graph::Op::kNotEqual;
    case ast::BinaryOp::kLess:
      return graph::Op::kLess;
    case ast::BinaryOp::kLessEqual:
      return graph::Op::kLessEqual;
    case ast::BinaryOp::kGreater:
      return graph::Op::kGreater;
    case ast::BinaryOp::kGreaterEqual:
      return graph::Op::kGreaterEqual;
    case ast::BinaryOp::kContains:
      return graph::Op::kContains;
    case ast::BinaryOp::kStartsWith:
      return graph::Op::kStartsWith;
    default:
      return graph::Op::kEndsWith;
  }
}

bool is_equality(ast::BinaryOp op) {
  return op == ast::BinaryOp::kEqual || op == ast::BinaryOp::kNotEqual;
}

// `"b" > x` says `x < "b"`.
ast::BinaryOp mirrored(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::kLess:
      return ast::BinaryOp::kGreater;
    case ast::BinaryOp::kLessEqual:
      return ast::BinaryOp::kGreaterEqual;
    case ast::BinaryOp::kGreater:
      return ast::BinaryOp::kLess;
    default:
      return ast::BinaryOp::kLessEqual;
  }
}

bool is_chosen(ast::BinaryOp op, std::ptrdiff_t place, std::ptrdiff_t limit) {
  switch (op) {
    case ast::BinaryOp::kLess:
      return place < limit;
    case ast::BinaryOp::kLessEqual:
      return place <= limit;
    case ast::BinaryOp::kGreater:
      return place > limit;
    default:
      return place >= limit;
  }
}

// One-of values are ordered as declared: `x < "c"` asks whether x is "a" or "b".
Typed ordered_one_of(ExpressionContext& context, const Typed& value, const std::string& limit,
                     ast::BinaryOp op, Span span) {
  const auto& choices = value.type.choices;
  const auto at = std::find(choices.begin(), choices.end(), limit) - choices.begin();
  std::vector<graph::ExprId> arguments{value.id};
  for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(choices.size()); ++i) {
    if (!is_chosen(op, i, at)) continue;
    arguments.push_back(
        context.emit_constant(graph::Value(choices[static_cast<std::size_t>(i)]), span));
  }
  return boolean(context, graph::Op::kIn, std::move(arguments), span);
}

Typed check_order(ExpressionContext& context, const ast::Binary& binary, const Typed& left,
                  const Typed& right, Span span) {
  if (left.type.kind == Kind::kOneOf && is_literal(right.type)) {
    return ordered_one_of(context, left, right.type.choices[0], binary.op, span);
  }
  if (right.type.kind == Kind::kOneOf && is_literal(left.type)) {
    return ordered_one_of(context, right, left.type.choices[0], mirrored(binary.op), span);
  }
  const bool left_is_odd = !is_ordered(left.type);
  if (left_is_odd || !is_ordered(right.type)) {
    const Typed& odd = left_is_odd ? left : right;
    Diagnostic diagnostic =
        diagnose(messages::kWrongOperand, left_is_odd ? binary.left->span : binary.right->span,
                 spelling(binary.op), quoted(odd.type))
            .help(
                "numbers, durations, dates and times have an order; a one-of field can be "
                "compared with one of its values");
    note_declared(diagnostic, odd);
    context.report.add(std::move(diagnostic));
  }
  return boolean(context, op_of(binary.op), {left.id, right.id}, span);
}

// Of `value in list` and `list contains value`. A list literal is judged item by
// item, so that the label stands at the item.
void need_items_comparable(ExpressionContext& context, const Typed& value, Span value_span,
                           const Typed& list, Span list_span, std::string_view op) {
  const graph::Expression node = context.graph.expressions[list.id];
  if (node.op != graph::Op::kList) {
    if (list.type.element == nullptr) return;
    Typed element = list;
    element.type = *list.type.element;
    need_comparable(context, value, value_span, element, list_span, op);
    return;
  }
  for (const graph::ExprId item : node.arguments) {
    Typed element = list;
    const graph::Value& constant = context.graph.expressions[item].constant;
    element.type = constant.kind() == graph::Value::Kind::kString
                       ? literal_type(constant.as_string())
                       : *list.type.element;
    need_comparable(context, value, value_span, element, context.expression_spans[item], op);
  }
}

}  // namespace

bool need_comparable(ExpressionContext& context, const Typed& left, Span left_span,
                     const Typed& right, Span right_span, std::string_view op) {
  if (!left.known || !right.known) return false;
  const graph::Type& a = left.type;
  const graph::Type& b = right.type;
  if (are_comparable(a, b)) return true;
  if (a.kind == Kind::kOneOf && is_literal(b)) {
    report_not_one_of(context, left, left_span, b, right_span);
  } else if (b.kind == Kind::kOneOf && is_literal(a)) {
    report_not_one_of(context, right, right_span, a, left_span);
  } else {
    const Span both = left_span.file == right_span.file ? cover(left_span, right_span) : right_span;
    Diagnostic diagnostic = diagnose(messages::kUnlikeTypes, both, op, quoted(a), quoted(b));
    note_declared(diagnostic, left);
    note_declared(diagnostic, right);
    context.report.add(std::move(diagnostic));
  }
  return false;
}

Typed check_comparison(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                       Span span) {
  const Typed left = check_expression(context, scope, *binary.left);
  const Typed right = check_expression(context, scope, *binary.right);
  const bool comparable = need_comparable(context, left, binary.left->span, right,
                                          binary.right->span, spelling(binary.op));
  if (comparable && !is_equality(binary.op)) {
    return check_order(context, binary, left, right, span);
  }
  return boolean(context, op_of(binary.op), {left.id, right.id}, span);
}

Typed check_in(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
               Span span) {
  const Typed value = check_expression(context, scope, *binary.left);
  const Typed list = check_expression(context, scope, *binary.right);
  if (list.known && list.type.kind != Kind::kList) {
    context.report.add(
        diagnose(messages::kTypeMismatch, binary.right->span, "a list", quoted(list.type))
            .help("write the values in brackets: `in [\"a\", \"b\"]`"));
  }
  if (!value.known || !list.known || list.type.kind != Kind::kList) {
    return boolean(context, graph::Op::kIn, {value.id, list.id}, span);
  }
  need_items_comparable(context, value, binary.left->span, list, binary.right->span, "in");
  // A list that is written out gives its items; any other is asked for the value.
  const graph::Expression& node = context.graph.expressions[list.id];
  if (node.op != graph::Op::kList) {
    return boolean(context, graph::Op::kContains, {list.id, value.id}, span);
  }
  std::vector<graph::ExprId> arguments{value.id};
  arguments.insert(arguments.end(), node.arguments.begin(), node.arguments.end());
  return boolean(context, graph::Op::kIn, std::move(arguments), span);
}

Typed check_text_test(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                      Span span) {
  const Typed whole = check_expression(context, scope, *binary.left);
  const Typed part = check_expression(context, scope, *binary.right);
  Typed result = boolean(context, op_of(binary.op), {whole.id, part.id}, span);
  if (!whole.known || !part.known) return result;
  if (binary.op == ast::BinaryOp::kContains && whole.type.kind == Kind::kList) {
    need_items_comparable(context, part, binary.right->span, whole, binary.left->span, "contains");
    return result;
  }
  for (const auto& [typed, operand] :
       {std::pair{&whole, binary.left.get()}, std::pair{&part, binary.right.get()}}) {
    if (is_text(typed->type) || typed->type.kind == Kind::kAny) continue;
    context.report.add(
        diagnose(messages::kWrongOperand, operand->span, spelling(binary.op), quoted(typed->type)));
  }
  return result;
}

Typed check_matches(ExpressionContext& context, const Scope& scope, const ast::Binary& binary,
                    Span span) {
  const Typed text = check_expression(context, scope, *binary.left);
  const Typed written = check_expression(context, scope, *binary.right);
  if (!text.known || !written.known) return context.poison(span);
  if (!is_text(text.type) && text.type.kind != Kind::kAny) {
    context.report.add(diagnose(messages::kWrongOperand, binary.left->span, spelling(binary.op),
                                quoted(text.type)));
    return context.poison(span);
  }
  const graph::Value pattern = context.graph.expressions[written.id].constant;
  if (pattern.kind() != graph::Value::Kind::kString) {
    context.report.add(
        diagnose(messages::kLiteralNeeded, binary.right->span, "the pattern of `matches`"));
    return context.poison(span);
  }
  auto compiled = graph::Pattern::compile(pattern.as_string());
  if (!compiled) {
    context.report.add(
        diagnose(messages::kBadPattern, binary.right->span, compiled.error().message));
    return context.poison(span);
  }
  graph::Expression node;
  node.op = graph::Op::kMatches;
  node.arguments = {text.id};
  node.constant = pattern;
  node.compiled.pattern = std::move(*compiled);
  return {type_of(Kind::kBoolean), context.emit(std::move(node), span), true, {}};
}

}  // namespace sojourn::dsl
