#include "graph/operation.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "graph/graph.h"

namespace sojourn::graph {
namespace {

using Form = Operation::Form;
constexpr std::size_t kAny = Operation::kAnyNumber;

// In the order of Op.
constexpr std::array<Operation, kOpCount> kOperations{{
    {Op::kConstant, "constant", Form::kLeaf, 0, 0},
    {Op::kUserField, "user", Form::kLeaf, 0, 0},
    {Op::kEntryField, "entry", Form::kLeaf, 0, 0},
    {Op::kEventField, "event", Form::kLeaf, 0, 0},
    {Op::kLocal, "local", Form::kLeaf, 0, 0},
    {Op::kNow, "now", Form::kLeaf, 0, 0},
    {Op::kEntryCreatedAt, "entry.createdAt", Form::kLeaf, 0, 0},
    {Op::kEventCreatedAt, "event.createdAt", Form::kLeaf, 0, 0},
    {Op::kNot, "not", Form::kPrefix, 1, 1},
    {Op::kAnd, "and", Form::kInfix, 2, kAny},
    {Op::kOr, "or", Form::kInfix, 2, kAny},
    {Op::kIf, "if", Form::kSpecial, 3, 3},
    {Op::kEqual, "==", Form::kInfix, 2, 2},
    {Op::kNotEqual, "!=", Form::kInfix, 2, 2},
    {Op::kLess, "<", Form::kInfix, 2, 2},
    {Op::kLessEqual, "<=", Form::kInfix, 2, 2},
    {Op::kGreater, ">", Form::kInfix, 2, 2},
    {Op::kGreaterEqual, ">=", Form::kInfix, 2, 2},
    {Op::kIn, "in", Form::kSpecial, 1, kAny},
    {Op::kContains, "contains", Form::kInfix, 2, 2},
    {Op::kStartsWith, "starts with", Form::kInfix, 2, 2},
    {Op::kEndsWith, "ends with", Form::kInfix, 2, 2},
    {Op::kIsSet, "is set", Form::kSuffix, 1, 1},
    {Op::kDefault, "default", Form::kInfix, 2, 2},
    {Op::kAdd, "+", Form::kInfix, 2, 2},
    {Op::kSubtract, "-", Form::kInfix, 2, 2},
    {Op::kMultiply, "*", Form::kInfix, 2, 2},
    {Op::kDivide, "/", Form::kInfix, 2, 2},
    {Op::kNegate, "-", Form::kPrefix, 1, 1},
    {Op::kAddDuration, "+", Form::kInfix, 2, 2},
    {Op::kSubtractDuration, "-", Form::kInfix, 2, 2},
    {Op::kDifference, "-", Form::kInfix, 2, 2},
    {Op::kLower, "lower", Form::kFunction, 1, 1},
    {Op::kUpper, "upper", Form::kFunction, 1, 1},
    {Op::kTrim, "trim", Form::kFunction, 1, 1},
    {Op::kLength, "length", Form::kFunction, 1, 1},
    {Op::kRound, "round", Form::kFunction, 1, 1},
    {Op::kFloor, "floor", Form::kFunction, 1, 1},
    {Op::kCeil, "ceil", Form::kFunction, 1, 1},
    {Op::kMin, "min", Form::kFunction, 2, kAny},
    {Op::kMax, "max", Form::kFunction, 2, kAny},
    {Op::kAbs, "abs", Form::kFunction, 1, 1},
    {Op::kDate, "date", Form::kFunction, 1, 1},
    {Op::kTime, "time", Form::kFunction, 1, 1},
    {Op::kWeekday, "weekday", Form::kFunction, 1, 1},
    {Op::kMonth, "month", Form::kFunction, 1, 1},
    {Op::kDay, "day", Form::kFunction, 1, 1},
    {Op::kYear, "year", Form::kFunction, 1, 1},
    {Op::kDaysBetween, "days_between", Form::kFunction, 2, 2},
    {Op::kHash, "hash", Form::kFunction, 1, 1},
    {Op::kConcat, "string", Form::kSpecial, 0, kAny},
    {Op::kList, "list", Form::kSpecial, 0, kAny},
    {Op::kObject, "object", Form::kSpecial, 0, kAny},
    {Op::kMember, "member", Form::kSpecial, 1, 1},
    {Op::kCountEvents, "count", Form::kSpecial, 0, 1},
    {Op::kSumEvents, "sum", Form::kSpecial, 1, 2},
    {Op::kMinEvents, "min", Form::kSpecial, 1, 2},
    {Op::kMaxEvents, "max", Form::kSpecial, 1, 2},
    {Op::kAvgEvents, "avg", Form::kSpecial, 1, 2},
    {Op::kFirstEvent, "first", Form::kSpecial, 0, 1},
    {Op::kLastEvent, "last", Form::kSpecial, 0, 1},
    {Op::kListEvents, "list", Form::kSpecial, 1, 2},
    {Op::kItem, "it", Form::kLeaf, 0, 0},
    {Op::kCountItems, "count", Form::kSpecial, 1, 2},
    {Op::kSumItems, "sum", Form::kSpecial, 2, 3},
    {Op::kMinItems, "min", Form::kSpecial, 2, 3},
    {Op::kMaxItems, "max", Form::kSpecial, 2, 3},
    {Op::kAvgItems, "avg", Form::kSpecial, 2, 3},
    {Op::kFirstItem, "first", Form::kSpecial, 1, 2},
    {Op::kLastItem, "last", Form::kSpecial, 1, 2},
    {Op::kListItems, "list", Form::kSpecial, 2, 3},
    {Op::kSubscribedTo, "subscribed to", Form::kSpecial, 0, 0},
    {Op::kInList, "in list", Form::kSpecial, 0, 0},
    {Op::kInJourney, "in journey", Form::kSpecial, 0, 0},
    {Op::kLeftJourney, "left", Form::kSpecial, 0, 0},
    {Op::kMatches, "matches", Form::kSpecial, 1, 1},
}};

constexpr bool in_order_of_op() {
  for (std::size_t i = 0; i < kOpCount; ++i) {
    if (static_cast<std::size_t>(kOperations[i].op) != i) return false;
  }
  return true;
}
static_assert(in_order_of_op());

}  // namespace

const Operation& operation(Op op) {
  const auto index = static_cast<std::size_t>(op);
  SOJOURN_CHECK(index < kOpCount, "an operation is one of Op's");
  return kOperations[index];
}

bool asks_history(Op op) {
  return op >= Op::kCountEvents && op <= Op::kListEvents;
}

bool asks_list(Op op) {
  return op >= Op::kCountItems && op <= Op::kListItems;
}

bool asks_membership(Op op) {
  return op >= Op::kSubscribedTo && op <= Op::kLeftJourney;
}

std::set<std::string_view> journeys_asked_about(const Graph& graph) {
  std::set<std::string_view> journeys;
  for (const Expression& node : graph.expressions) {
    if (node.op == Op::kInJourney || node.op == Op::kLeftJourney) journeys.insert(node.name);
  }
  return journeys;
}

void QuestionDepths::add(const Expression& expression) {
  const bool is_question = asks_history(expression.op) || asks_list(expression.op);
  std::size_t deepest = is_question ? 1 : 0;
  for (std::size_t i = 0; i < expression.arguments.size(); ++i) {
    // The list itself is found once, outside.
    const bool is_inside = is_question && !(asks_list(expression.op) && i == 0);
    deepest = std::max(deepest, depth[expression.arguments[i]] + (is_inside ? 1 : 0));
  }
  depth.push_back(deepest);
}

ExprId operand_of(const Expression& question) {
  // A list stands before the operand.
  const std::size_t at = asks_list(question.op) ? 1 : 0;
  return operation(question.op).min_arguments > at ? question.arguments[at] : kNoExpr;
}

ExprId condition_of(const Expression& question) {
  const bool has_one = question.arguments.size() > operation(question.op).min_arguments;
  return has_one ? question.arguments.back() : kNoExpr;
}

}  // namespace sojourn::graph
