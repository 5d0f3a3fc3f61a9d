// `match EXPR { "a" {…} "b", "c" {…} 9..10 {…} else {…} }`. Blocks: `IDENTITY.N` for
// arm N, `IDENTITY.else`.
#include <algorithm>
#include <fmt/core.h>
#include <optional>
#include <utility>

#include "dsl/check_expression.h"
#include "dsl/expression_parts.h"
#include "dsl/narrowing.h"
#include "dsl/step_context.h"
#include "dsl/types.h"

namespace sojourn::dsl {
namespace {

using Kind = graph::Type::Kind;

// What a pattern stands for: one value, or all from `low` to `high`. Integers are
// exact in a long double.
struct Interval {
  std::string text;  // of a string or boolean; else the numbers count
  long double low = 0;
  long double high = 0;
  Span span;
};

bool overlap(const Interval& a, const Interval& b) {
  return a.text == b.text && a.low <= b.high && b.low <= a.high;
}

long double number_of(const graph::Value& value) {
  constexpr long double kMillisPerDay = 86'400'000;
  constexpr long double kMeanMonthMillis = 2'629'746'000;
  switch (value.kind()) {
    case graph::Value::Kind::kInteger:
      return static_cast<long double>(value.as_integer());
    case graph::Value::Kind::kNumber:
      return value.as_number();
    case graph::Value::Kind::kTimestamp:
      return static_cast<long double>(value.as_timestamp().millis);
    case graph::Value::Kind::kDate:
      return value.as_date().days;
    case graph::Value::Kind::kTimeOfDay:
      return value.as_time_of_day().minutes;
    case graph::Value::Kind::kDuration: {
      const graph::Duration& d = value.as_duration();
      return static_cast<long double>(d.millis) + d.days * kMillisPerDay +
             d.months * kMeanMonthMillis;
    }
    default:
      return 0;
  }
}

class Matching {
 public:
  Matching(StepContext& context, const ast::Match& match) : context_(context), match_(match) {
    value_ = match.value ? check_expression(context.expressions, context.scope(), *match.value)
                         : context.expressions.poison({});
    value_span_ = match.value ? match.value->span : Span{};
  }

  // The condition under which an arm is taken.
  graph::ExprId condition(const ast::Match::Arm& arm);
  // Reports what no arm stands for, unless there is an `else`.
  void need_covered(Span step);

 private:
  // The literal of one end of a pattern; its node, and its value when it fits.
  std::pair<graph::ExprId, std::optional<graph::Value>> end(const ast::Expr& expr);
  graph::ExprId equals(const ast::Match::Pattern& pattern);
  graph::ExprId between(const ast::Match::Pattern& pattern);
  void take(Interval interval);
  std::string uncovered() const;

  StepContext& context_;
  const ast::Match& match_;
  Typed value_;
  Span value_span_;
  std::vector<Interval> taken_;
  bool all_read_ = true;
};

std::pair<graph::ExprId, std::optional<graph::Value>> Matching::end(const ast::Expr& expr) {
  Scope scope;
  scope.place = "in a pattern";
  const Typed typed = check_expression(context_.expressions, scope, expr);
  const graph::Expression& node = context_.graph.expressions[typed.id];
  const bool comparable =
      need_comparable(context_.expressions, value_, value_span_, typed, expr.span, "match");
  if (comparable && node.op != graph::Op::kConstant) {
    context_.report.add(diagnose(messages::kLiteralNeeded, expr.span, "a pattern"));
  }
  if (!comparable || node.op != graph::Op::kConstant) {
    all_read_ = false;
    return {typed.id, std::nullopt};
  }
  return {typed.id, node.constant};
}

void Matching::take(Interval interval) {
  for (const Interval& earlier : taken_) {
    if (!overlap(interval, earlier)) continue;
    context_.report.add(diagnose(messages::kOverlappingPatterns, interval.span)
                            .note(earlier.span, "this one comes first"));
    return;
  }
  taken_.push_back(std::move(interval));
}

graph::ExprId Matching::equals(const ast::Match::Pattern& pattern) {
  const auto [id, value] = end(*pattern.low);
  if (value) {
    Interval interval{{}, number_of(*value), number_of(*value), pattern.span};
    if (value->kind() == graph::Value::Kind::kString) interval.text = value->as_string();
    if (value->kind() == graph::Value::Kind::kBoolean) {
      interval.text = value->as_boolean() ? "true" : "false";
    }
    take(std::move(interval));
  }
  return context_.expressions.emit(graph::Op::kEqual, {value_.id, id}, pattern.span);
}

graph::ExprId Matching::between(const ast::Match::Pattern& pattern) {
  const auto [low_id, low] = end(*pattern.low);
  const auto [high_id, high] = end(*pattern.high);
  if (low && high) {
    const Interval interval{{}, number_of(*low), number_of(*high), pattern.span};
    if (value_.known && !is_ordered(value_.type)) {
      context_.report.add(
          diagnose(messages::kWrongOperand, pattern.span, "..", quoted(value_.type)));
    } else if (interval.high < interval.low) {
      context_.report.add(diagnose(messages::kEmptyRange, pattern.span));
    } else {
      take(interval);
    }
  }
  const auto from =
      context_.expressions.emit(graph::Op::kGreaterEqual, {value_.id, low_id}, pattern.span);
  const auto to =
      context_.expressions.emit(graph::Op::kLessEqual, {value_.id, high_id}, pattern.span);
  return context_.expressions.emit(graph::Op::kAnd, {from, to}, pattern.span);
}

graph::ExprId Matching::condition(const ast::Match::Arm& arm) {
  std::vector<graph::ExprId> any;
  for (const ast::Match::Pattern& pattern : arm.patterns) {
    if (!pattern.low) {
      all_read_ = false;
      continue;
    }
    any.push_back(pattern.high ? between(pattern) : equals(pattern));
  }
  if (any.empty()) return context_.expressions.emit_constant(graph::Value(false), arm.span);
  if (any.size() == 1) return any[0];
  return context_.expressions.emit(graph::Op::kOr, std::move(any), arm.span);
}

std::string Matching::uncovered() const {
  const auto covers = [&](const std::string& text) {
    return std::ranges::any_of(taken_, [&](const Interval& i) { return i.text == text; });
  };
  std::vector<std::string> choices = value_.type.choices;
  if (value_.type.kind == Kind::kBoolean) choices = {"true", "false"};
  if (choices.empty()) return "all other values";
  std::string rest;
  for (const std::string& choice : choices) {
    if (covers(choice)) continue;
    if (!rest.empty()) rest += ", ";
    rest += value_.type.kind == Kind::kBoolean ? fmt::format("`{}`", choice)
                                               : quoted(literal_type(choice));
  }
  if (value_.type.optional) rest += rest.empty() ? "a missing value" : " and a missing value";
  return rest;
}

void Matching::need_covered(Span step) {
  if (match_.otherwise || !value_.known || !all_read_) return;
  if (context_.report.has_syntax_fault(step)) return;
  const std::string rest = uncovered();
  if (rest.empty()) return;
  Diagnostic diagnostic =
      diagnose(messages::kMatchNotCovered, context_.report.first_line(step), rest)
          .help("add `else { … }`; an empty block says that nothing happens");
  note_declared(diagnostic, value_);
  context_.report.add(std::move(diagnostic));
}

}  // namespace

void check_match(StepContext& context, const StepPlace& place, const ast::Match& match) {
  const std::string identity = context.identify(place.step, place.block, "match");
  const graph::StepIndex at = context.open_step(place.label, identity, place.step.span);
  graph::Branch action;
  Matching matching(context, match);
  const std::string path = match.value ? path_of(context.expressions, *match.value) : std::string();
  const Flow before = context.flow;
  Ways ways;
  int number = 0;
  for (const ast::Match::Arm& arm : match.arms) {
    graph::ConditionArm out;
    out.condition = matching.condition(arm);
    // A value that equals something is there.
    if (!path.empty()) context.flow.facts.insert(path);
    out.next =
        check_block(context, arm.block, fmt::format("{}.{}.", identity, ++number), place.next);
    ways.add(std::exchange(context.flow, before));
    action.arms.push_back(out);
  }
  matching.need_covered(place.step.span);
  action.otherwise = place.next;
  if (!match.otherwise) context.exhaustive.push_back(at);
  if (match.otherwise) {
    action.otherwise = check_block(context, *match.otherwise, identity + ".else.", place.next);
  }
  ways.add(context.flow);
  context.flow = ways.joined();
  context.graph.steps[at].action = std::move(action);
}

}  // namespace sojourn::dsl
