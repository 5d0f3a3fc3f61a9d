#include "proof/constant_condition.h"

#include <compare>

#include "graph/graph.h"

namespace sojourn::proof {
namespace {

using graph::Expression;
using graph::ExprId;
using graph::Graph;
using graph::Op;
using graph::Value;

// nullptr when the node is not a constant.
const Value* constant(const Graph& graph, ExprId id) {
  const Expression& node = graph.expressions[id];
  return node.op == Op::kConstant ? &node.constant : nullptr;
}

// Of two constants of one kind that has an order everybody agrees on.
std::optional<std::strong_ordering> order_of(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Value::Kind::kBoolean:
      return a.as_boolean() <=> b.as_boolean();
    case Value::Kind::kInteger:
      return a.as_integer() <=> b.as_integer();
    case Value::Kind::kTimestamp:
      return a.as_timestamp() <=> b.as_timestamp();
    case Value::Kind::kDate:
      return a.as_date() <=> b.as_date();
    default:
      return std::nullopt;
  }
}

std::optional<bool> comparison(const Graph& graph, const Expression& node) {
  const Value* a = constant(graph, node.arguments[0]);
  const Value* b = constant(graph, node.arguments[1]);
  if (a == nullptr || b == nullptr) return std::nullopt;
  const auto order = order_of(*a, *b);
  if (!order) return std::nullopt;
  switch (node.op) {
    case Op::kEqual:
      return *order == 0;
    case Op::kNotEqual:
      return *order != 0;
    case Op::kLess:
      return *order < 0;
    case Op::kLessEqual:
      return *order <= 0;
    case Op::kGreater:
      return *order > 0;
    case Op::kGreaterEqual:
      return *order >= 0;
    default:
      return std::nullopt;
  }
}

// `and` is decided by one false part, `or` by one true part (`deciding`).
std::optional<bool> junction(const Graph& graph, const Expression& node, bool deciding) {
  bool all_known = true;
  for (const ExprId argument : node.arguments) {
    const auto part = constant_truth(graph, argument);
    if (part == deciding) return deciding;
    all_known = all_known && part.has_value();
  }
  return all_known ? std::optional(!deciding) : std::nullopt;
}

std::optional<bool> choice(const Graph& graph, const Expression& node) {
  const auto condition = constant_truth(graph, node.arguments[0]);
  if (condition) return constant_truth(graph, node.arguments[*condition ? 1 : 2]);
  const auto yes = constant_truth(graph, node.arguments[1]);
  return yes == constant_truth(graph, node.arguments[2]) ? yes : std::nullopt;
}

}  // namespace

std::optional<bool> constant_truth(const Graph& graph, ExprId condition) {
  const Expression& node = graph.expressions[condition];
  switch (node.op) {
    case Op::kConstant:
      return node.constant.kind() == Value::Kind::kBoolean && node.constant.as_boolean();
    case Op::kNot: {
      const auto inner = constant_truth(graph, node.arguments[0]);
      return inner ? std::optional(!*inner) : std::nullopt;
    }
    case Op::kAnd:
      return junction(graph, node, false);
    case Op::kOr:
      return junction(graph, node, true);
    case Op::kIf:
      return choice(graph, node);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return comparison(graph, node);
    default:
      return std::nullopt;
  }
}

}  // namespace sojourn::proof
