#include "dsl/check_expression.h"

#include <algorithm>
#include <fmt/core.h>
#include <variant>

#include "calendar/zone.h"
#include "dsl/expression_parts.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

// The tree of one expression is never this deep; a chain of constants can be.
constexpr std::int64_t kMaxDepth = 400;

// Chooses the part that knows this kind of expression.
struct Chooser {
  ExpressionContext& context;
  const Scope& scope;
  Span span;

  Typed constant(graph::Value value, Kind kind) const {
    return {type_of(kind), context.emit_constant(std::move(value), span), true, {}};
  }

  Typed operator()(const ast::Invalid&) const { return context.poison(span); }
  Typed operator()(const ast::StringLiteral& node) const {
    return check_string(context, scope, node, span);
  }
  Typed operator()(const ast::IntegerLiteral& node) const {
    return constant(graph::Value(node.value), Kind::kInteger);
  }
  Typed operator()(const ast::NumberLiteral& node) const {
    return constant(graph::Value(node.value), Kind::kNumber);
  }
  Typed operator()(const ast::PercentLiteral&) const {
    context.report.add(
        diagnose(messages::kTypeMismatch, span, "a value", "a percentage")
            .help("percentages stand only in `split`; write a fraction, such as `0.5`"));
    return context.poison(span);
  }
  Typed operator()(const ast::BooleanLiteral& node) const {
    return constant(graph::Value(node.value), Kind::kBoolean);
  }
  Typed operator()(const ast::MissingLiteral&) const {
    context.report.add(diagnose(messages::kMisplacedMissing, span)
                           .help("ask `x is missing`, or give a value with `x default …`"));
    return context.poison(span);
  }
  Typed operator()(const ast::DurationLiteral& node) const {
    return check_duration_literal(context, node.value, span);
  }
  Typed operator()(const ast::TimeOfDayLiteral& node) const {
    return constant(graph::Value(graph::TimeOfDay{node.value.minute}), Kind::kTimeOfDay);
  }
  Typed operator()(const ast::DateLiteral& node) const {
    return check_date_literal(context, node.value, span);
  }
  Typed operator()(const ast::TimestampLiteral& node) const {
    return check_timestamp_literal(context, node.value, span);
  }
  Typed operator()(const ast::NameRef& node) const { return check_name(context, scope, node.name); }
  Typed operator()(const ast::FieldRef& node) const {
    return check_field(context, scope, node, span);
  }
  Typed operator()(const ast::ListLiteral& node) const {
    return check_list(context, scope, node, span);
  }
  Typed operator()(const ast::MapLiteral& node) const {
    return check_object(context, scope, node.map, span);
  }
  Typed operator()(const ast::Not& node) const { return check_not(context, scope, node, span); }
  Typed operator()(const ast::Negate& node) const {
    return check_negate(context, scope, node, span);
  }
  Typed operator()(const ast::Binary& node) const { return binary(node); }
  Typed operator()(const ast::IsTest& node) const {
    return check_is_test(context, scope, node, span);
  }
  Typed operator()(const ast::IfExpr& node) const { return check_if(context, scope, node, span); }
  Typed operator()(const ast::Call& node) const { return check_call(context, scope, node, span); }
  Typed operator()(const ast::Question& node) const {
    return check_question(context, scope, node, span);
  }
  Typed operator()(const ast::EngagementTest& node) const {
    return check_engagement_test(context, scope, node, span);
  }
  Typed operator()(const ast::Aggregate& node) const {
    return check_aggregate(context, scope, node, span);
  }
  Typed operator()(const ast::Membership& node) const {
    return check_membership(context, scope, node, span);
  }

  Typed binary(const ast::Binary& node) const;
};

Typed Chooser::binary(const ast::Binary& node) const {
  if (!node.left || !node.right) return context.poison(span);
  switch (node.op) {
    case ast::BinaryOp::kOr:
    case ast::BinaryOp::kAnd:
      return check_and_or(context, scope, node, span);
    case ast::BinaryOp::kEqual:
    case ast::BinaryOp::kNotEqual:
    case ast::BinaryOp::kLess:
    case ast::BinaryOp::kLessEqual:
    case ast::BinaryOp::kGreater:
    case ast::BinaryOp::kGreaterEqual:
      return check_comparison(context, scope, node, span);
    case ast::BinaryOp::kIn:
      return check_in(context, scope, node, span);
    case ast::BinaryOp::kContains:
    case ast::BinaryOp::kStartsWith:
    case ast::BinaryOp::kEndsWith:
      return check_text_test(context, scope, node, span);
    case ast::BinaryOp::kMatches:
      return check_matches(context, scope, node, span);
    case ast::BinaryOp::kAdd:
    case ast::BinaryOp::kSubtract:
    case ast::BinaryOp::kMultiply:
    case ast::BinaryOp::kDivide:
      return check_arithmetic(context, scope, node, span);
    case ast::BinaryOp::kDefault:
      return check_default(context, scope, node, span);
  }
  return context.poison(span);
}

// How a literal of this kind is asked for.
std::string_view example_of(Kind kind) {
  switch (kind) {
    case Kind::kDuration:
      return "a duration such as `3d`";
    case Kind::kTimeOfDay:
      return "a time of day such as `09:00`";
    case Kind::kInteger:
      return "a whole number";
    case Kind::kString:
      return "a string";
    case Kind::kTimestamp:
      return "a timestamp such as `2026-03-02T09:00Z`";
    default:
      return "a literal";
  }
}

}  // namespace

Typed check_expression(ExpressionContext& context, const Scope& scope, const ast::Expr& expr) {
  if (context.depth >= kMaxDepth) {
    context.report.add(diagnose(messages::kTooMany, expr.span,
                                "levels of nesting, constants included", kMaxDepth));
    return context.poison(expr.span);
  }
  ++context.depth;
  Typed typed = std::visit(Chooser{context, scope, expr.span}, expr.node);
  --context.depth;
  return typed;
}

Typed check_condition(ExpressionContext& context, const Scope& scope, const ast::Expr& expr) {
  Typed typed = check_expression(context, scope, expr);
  if (!typed.known) return typed;
  if (typed.type.kind != Kind::kBoolean) {
    Diagnostic diagnostic =
        diagnose(messages::kTypeMismatch, expr.span, "a condition", quoted(typed.type));
    note_declared(diagnostic, typed);
    context.report.add(std::move(diagnostic));
    typed.known = false;
    return typed;
  }
  return need_value(context, std::move(typed), expr.span, "a condition");
}

Typed check_value(ExpressionContext& context, const Scope& scope, const ast::Expr& expr,
                  std::string_view needer) {
  return need_value(context, check_expression(context, scope, expr), expr.span, needer);
}

Typed need_value(ExpressionContext& context, Typed typed, Span span, std::string_view needer) {
  if (!typed.known || !typed.type.optional) return typed;
  const std::string words = context.report.words(span, "this value");
  const std::string bare = words.front() == '`' ? words.substr(1, words.size() - 2) : "x";
  Diagnostic diagnostic = diagnose(messages::kMayBeMissing, span, words, needer);
  diagnostic.helps.push_back(
      typed.path.empty() ? "say what to use instead, with `default`"
                         : fmt::format("guard it with `if {} is set {{ … }}`, or say what to use "
                                       "instead: `{} default …`",
                                       bare, bare));
  note_declared(diagnostic, typed);
  context.report.add(std::move(diagnostic));
  typed.known = false;
  return typed;
}

bool need_type(ExpressionContext& context, const Typed& typed, Span span, const graph::Type& wanted,
               std::optional<Span> asker) {
  if (!typed.known) return false;
  if (fits(typed.type, wanted)) return true;
  const bool is_literal = typed.type.kind == Kind::kOneOf && typed.type.choices.size() == 1;
  // A zone is written as a string, and must be one that exists.
  if (is_literal && wanted.kind == Kind::kTimezone) {
    const std::string& name = typed.type.choices[0];
    if (context.zones.find(name) != nullptr) return true;
    context.report.add(diagnose(messages::kUnknownZone, span, name));
    return false;
  }
  Diagnostic diagnostic =
      diagnose(messages::kTypeMismatch, span, quoted(wanted), quoted(typed.type));
  // A literal beside the values it must be one of is a slip of the pen.
  if (is_literal && wanted.kind == Kind::kOneOf) {
    const std::vector<std::string_view> known(wanted.choices.begin(), wanted.choices.end());
    diagnostic.primary.text = suggestion(typed.type.choices[0], known);
  }
  note_declared(diagnostic, typed);
  if (asker) diagnostic.secondary.push_back({*asker, "declared as " + quoted(wanted) + " here"});
  context.report.add(std::move(diagnostic));
  return false;
}

std::optional<graph::Value> check_literal(ExpressionContext& context, const ast::Expr& expr,
                                          Kind kind, std::string_view what) {
  Scope scope;
  scope.place = "in a literal";
  // A path is not a literal, whatever it would turn out to hold.
  const bool is_name = std::holds_alternative<ast::NameRef>(expr.node);
  if (!is_name && !path_root(expr).empty()) {
    context.report.add(diagnose(messages::kLiteralNeeded, expr.span, what));
    return std::nullopt;
  }
  const Typed typed = check_expression(context, scope, expr);
  if (!typed.known) return std::nullopt;
  // A string that is written out has a type of its own.
  const bool fits =
      typed.type.kind == kind || (kind == Kind::kString && typed.type.kind == Kind::kOneOf);
  if (!fits) {
    Diagnostic diagnostic =
        diagnose(messages::kTypeMismatch, expr.span, example_of(kind), quoted(typed.type));
    note_declared(diagnostic, typed);
    context.report.add(std::move(diagnostic));
    return std::nullopt;
  }
  const graph::Expression& node = context.graph.expressions[typed.id];
  if (node.op != graph::Op::kConstant) {
    Diagnostic diagnostic = diagnose(messages::kLiteralNeeded, expr.span, what);
    note_declared(diagnostic, typed);
    context.report.add(std::move(diagnostic));
    return std::nullopt;
  }
  return node.constant;
}

std::optional<graph::Duration> check_duration(ExpressionContext& context, const ast::Expr& expr,
                                              std::string_view what) {
  const auto value = check_literal(context, expr, Kind::kDuration, what);
  if (!value) return std::nullopt;
  return value->as_duration();
}

std::optional<base::Millis> check_elapsed(ExpressionContext& context, const ast::Expr& expr,
                                          std::string_view what) {
  const auto duration = check_duration(context, expr, what);
  if (!duration) return std::nullopt;
  if (duration->months != 0) {
    context.report.add(diagnose(messages::kCalendarLength, expr.span, what)
                           .help("write days; a day is 24 hours here"));
    return std::nullopt;
  }
  return base::Millis{base::days24(duration->days).count + duration->millis};
}

std::optional<std::int64_t> check_count(ExpressionContext& context, const ast::Expr& expr,
                                        std::string_view what, std::int64_t low,
                                        std::int64_t high) {
  const auto value = check_literal(context, expr, Kind::kInteger, what);
  if (!value) return std::nullopt;
  const std::int64_t count = value->as_integer();
  if (count >= low && count <= high) return count;
  context.report.add(
      diagnose(messages::kOutOfRange, expr.span, what, fmt::format("from {} to {}", low, high)));
  return std::nullopt;
}

std::optional<graph::TimeOfDay> check_time_of_day(ExpressionContext& context,
                                                  const ast::Expr& expr) {
  const auto value = check_literal(context, expr, Kind::kTimeOfDay, "a time of day");
  if (!value) return std::nullopt;
  return value->as_time_of_day();
}

}  // namespace sojourn::dsl
