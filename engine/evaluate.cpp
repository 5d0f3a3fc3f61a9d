#include "engine/evaluate.h"

#include <algorithm>
#include <compare>
#include <string>
#include <utility>

#include "engine/calendar_functions.h"
#include "engine/functions.h"
#include "engine/history.h"
#include "engine/list_questions.h"
#include "engine/membership.h"
#include "engine/operators.h"
#include "engine/zones.h"
#include "graph/operation.h"

namespace sojourn::engine {
namespace {

using graph::Expression;
using graph::ExprId;
using graph::Op;
using graph::Value;

// Leaves are answered by reference to where the value lies, so that comparing a
// field copies nothing; everything computed is put into the caller's `scratch`.
class Evaluator {
 public:
  explicit Evaluator(const Scope& scope) : scope_(scope) {}

  const Value& value(ExprId id, Value& scratch) {
    const Expression& node = scope_.graph.expressions[id];
    if (node.op <= Op::kEventCreatedAt) return leaf(node, scratch);
    if (node.op == Op::kItem) return scope_.item != nullptr ? *scope_.item : scratch = Value();
    return scratch = compute(node);
  }

  bool truth(ExprId id) {
    Value scratch;
    const Value& v = value(id, scratch);
    return v.kind() == Value::Kind::kBoolean && v.as_boolean();
  }

 private:
  const Value& leaf(const Expression& node, Value& scratch) const {
    switch (node.op) {
      case Op::kConstant:
        return node.constant;
      case Op::kUserField:
        return scope_.profile.field(node.name);
      case Op::kEntryField:
        return slot(scope_.entry_fields, node.slot, scratch);
      case Op::kLocal:
        return slot(scope_.locals, node.slot, scratch);
      case Op::kNow:
        return scratch = Value(scope_.now);
      case Op::kEntryCreatedAt:
        return scratch = Value(scope_.entry_created_at);
      case Op::kEventField:
        if (scope_.event != nullptr) return graph::find_field(scope_.event->fields, node.name);
        return scratch = Value();
      case Op::kEventCreatedAt:
        return scratch = scope_.event != nullptr ? Value(scope_.event->created_at) : Value();
      default:
        return scratch = Value();
    }
  }

  static const Value& slot(std::span<const Value> values, std::uint32_t slot, Value& scratch) {
    if (slot < values.size()) return values[slot];
    return scratch = Value();
  }

  Value compute(const Expression& node) {
    switch (node.op) {
      case Op::kNot:
      case Op::kAnd:
      case Op::kOr:
      case Op::kIn:
      case Op::kIsSet:
        return Value(logic(node));
      case Op::kIf:
        return of(node.arguments[truth(node.arguments[0]) ? 1 : 2]);
      case Op::kDefault: {
        Value first = of(node.arguments[0]);
        return first.is_missing() ? of(node.arguments[1]) : first;
      }
      case Op::kMin:
      case Op::kMax:
        return extreme(node);
      case Op::kConcat:
        return concat(node);
      case Op::kList:
        return list(node);
      case Op::kObject:
        return object(node);
      case Op::kMember:
        return member(node);
      case Op::kMatches:
        return Value(matches(node));
      default:
        if (graph::asks_history(node.op)) return ask_history(scope_, node);
        if (graph::asks_list(node.op)) return ask_list(scope_, node);
        if (graph::asks_membership(node.op)) return ask_membership(scope_, node);
        return operation(node);
    }
  }

  Value of(ExprId id) {
    Value scratch;
    const Value& v = value(id, scratch);
    if (&v == &scratch) return scratch;
    return v;
  }

  bool logic(const Expression& node) {
    const auto& arguments = node.arguments;
    switch (node.op) {
      case Op::kNot:
        return !truth(arguments[0]);
      case Op::kAnd:
        return std::ranges::all_of(arguments, [&](ExprId a) { return truth(a); });
      case Op::kOr:
        return std::ranges::any_of(arguments, [&](ExprId a) { return truth(a); });
      case Op::kIsSet: {
        Value scratch;
        return !value(arguments[0], scratch).is_missing();
      }
      default:
        return among(arguments);
    }
  }

  // `x in [a, b]`: a list as the only candidate stands for its items.
  bool among(const std::vector<ExprId>& arguments) {
    Value scratch;
    const Value& wanted = value(arguments[0], scratch);
    return std::any_of(arguments.begin() + 1, arguments.end(), [&](ExprId a) {
      Value candidate_scratch;
      const Value& candidate = value(a, candidate_scratch);
      return equal(wanted, candidate) ||
             (candidate.kind() == Value::Kind::kList && contains(candidate, wanted));
    });
  }

  // Missing when any argument is, or when two cannot be compared.
  Value extreme(const Expression& node) {
    Value best = of(node.arguments[0]);
    for (std::size_t i = 1; i < node.arguments.size(); ++i) {
      Value next = of(node.arguments[i]);
      const std::partial_ordering order = compare(next, best);
      if (order == std::partial_ordering::unordered) return {};
      if (node.op == Op::kMin ? order < 0 : order > 0) best = std::move(next);
    }
    return best;
  }

  Value concat(const Expression& node) {
    std::string text;
    for (const ExprId argument : node.arguments) {
      Value scratch;
      const Value& part = value(argument, scratch);
      if (part.is_missing()) return {};
      append_text(text, part);
    }
    return Value(std::move(text));
  }

  Value list(const Expression& node) {
    graph::List items;
    items.reserve(node.arguments.size());
    for (const ExprId argument : node.arguments) items.push_back(of(argument));
    return Value(std::move(items));
  }

  // Missing fields stay in: `update user` clears by them.
  Value object(const Expression& node) {
    graph::Object fields;
    fields.reserve(node.arguments.size());
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      fields.emplace_back(node.names[i], of(node.arguments[i]));
    }
    std::ranges::sort(fields, {}, &graph::Field::first);
    return Value(std::move(fields));
  }

  Value member(const Expression& node) {
    Value scratch;
    const Value& whole = value(node.arguments[0], scratch);
    if (whole.kind() != Value::Kind::kObject) return {};
    return graph::find_field(whole.as_object(), node.name);
  }

  bool matches(const Expression& node) {
    Value scratch;
    const Value& text = value(node.arguments[0], scratch);
    const graph::Pattern* pattern = node.compiled.pattern.get();
    return pattern != nullptr && text.kind() == Value::Kind::kString &&
           pattern->is_found_in(text.as_string());
  }

  Value operation(const Expression& node) {
    Value first_scratch;
    const Value& a = value(node.arguments[0], first_scratch);
    if (node.arguments.size() == 1) return unary(node.op, a);
    Value second_scratch;
    const Value& b = value(node.arguments[1], second_scratch);
    return binary(node.op, a, b);
  }

  Value unary(Op op, const Value& v) const {
    switch (op) {
      case Op::kNegate:
        return negate(v);
      case Op::kLower:
        return lower(v);
      case Op::kUpper:
        return upper(v);
      case Op::kTrim:
        return trim(v);
      case Op::kLength:
        return length(v);
      case Op::kRound:
        return round(v);
      case Op::kFloor:
        return floor(v);
      case Op::kCeil:
        return ceil(v);
      case Op::kAbs:
        return abs(v);
      case Op::kHash:
        return hash(v);
      case Op::kDate:
        return date_of(zone(), v);
      case Op::kTime:
        return time_of(zone(), v);
      case Op::kWeekday:
        return weekday_of(zone(), v);
      case Op::kMonth:
        return month_of(zone(), v);
      case Op::kDay:
        return day_of(zone(), v);
      case Op::kYear:
        return year_of(zone(), v);
      default:
        return {};
    }
  }

  Value binary(Op op, const Value& a, const Value& b) const {
    switch (op) {
      case Op::kEqual:
        return Value(equal(a, b));
      case Op::kNotEqual:
        return Value(!equal(a, b));
      case Op::kLess:
        return Value(std::is_lt(compare(a, b)));
      case Op::kLessEqual:
        return Value(std::is_lteq(compare(a, b)));
      case Op::kGreater:
        return Value(std::is_gt(compare(a, b)));
      case Op::kGreaterEqual:
        return Value(std::is_gteq(compare(a, b)));
      case Op::kContains:
        return Value(contains(a, b));
      case Op::kStartsWith:
        return Value(starts_with(a, b));
      case Op::kEndsWith:
        return Value(ends_with(a, b));
      case Op::kAdd:
        return add(a, b);
      case Op::kSubtract:
        return subtract(a, b);
      case Op::kMultiply:
        return multiply(a, b);
      case Op::kDivide:
        return divide(a, b);
      case Op::kDifference:
        return difference(a, b);
      case Op::kAddDuration:
        return add_duration(zone(), a, b);
      case Op::kSubtractDuration:
        return subtract_duration(zone(), a, b);
      case Op::kDaysBetween:
        return days_between(zone(), a, b);
      default:
        return {};
    }
  }

  const calendar::Zone& zone() const { return journey_zone(scope_); }

  const Scope& scope_;
};

}  // namespace

Value evaluate(const Scope& scope, ExprId expression) {
  Value scratch;
  const Value& v = Evaluator(scope).value(expression, scratch);
  if (&v == &scratch) return scratch;
  return v;
}

bool holds(const Scope& scope, ExprId condition) {
  return condition == graph::kNoExpr || Evaluator(scope).truth(condition);
}

}  // namespace sojourn::engine
