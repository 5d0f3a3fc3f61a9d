#include "graph/time_dependence.h"

#include <algorithm>

#include "graph/graph.h"
#include "graph/operation.h"

namespace sojourn::graph {

bool reads_now(const Graph& graph, ExprId id) {
  std::vector<ExprId> open{id};
  std::vector<bool> seen(id + 1);  // arguments stand before their node
  while (!open.empty()) {
    const ExprId at = open.back();
    open.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const Expression& node = graph.expressions[at];
    if (node.op == Op::kNow) return true;
    open.insert(open.end(), node.arguments.begin(), node.arguments.end());
  }
  return false;
}

bool goes_with_now(const Graph& graph, ExprId id) {
  const Expression& node = graph.expressions[id];
  const auto only = [&](std::size_t moving) {
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
      const ExprId argument = node.arguments[i];
      if (i == moving ? !goes_with_now(graph, argument) : reads_now(graph, argument)) return false;
    }
    return true;
  };
  switch (node.op) {
    case Op::kNow:
      return true;
    case Op::kAddDuration:
    case Op::kSubtractDuration:
    case Op::kDate:
    case Op::kYear:
      return only(0);
    case Op::kDifference:
    case Op::kDaysBetween:
      return only(0) || only(1);
    default:
      return false;
  }
}

bool compares_now(const Graph& graph, const Expression& node) {
  if (node.op < Op::kEqual || node.op > Op::kGreaterEqual) return false;
  const ExprId a = node.arguments[0];
  const ExprId b = node.arguments[1];
  return (goes_with_now(graph, a) && !reads_now(graph, b)) ||
         (goes_with_now(graph, b) && !reads_now(graph, a));
}

bool tells_day_of_now(const Graph& graph, const Expression& node) {
  switch (node.op) {
    case Op::kDate:
    case Op::kWeekday:
    case Op::kMonth:
    case Op::kDay:
    case Op::kYear:
      return graph.expressions[node.arguments[0]].op == Op::kNow;
    default:
      return false;
  }
}

std::optional<ExprId> compared_with_time_of_now(const Graph& graph, const Expression& node) {
  if (node.op < Op::kEqual || node.op > Op::kGreaterEqual) return std::nullopt;
  const auto is_time = [&](ExprId id) {
    const Expression& side = graph.expressions[id];
    return side.op == Op::kTime && graph.expressions[side.arguments[0]].op == Op::kNow;
  };
  for (const std::size_t side : {0U, 1U}) {
    const ExprId other = node.arguments[1 - side];
    if (is_time(node.arguments[side]) && !reads_now(graph, other)) return other;
  }
  return std::nullopt;
}

bool changes_at_known_instants(const Graph& graph, ExprId condition) {
  const Expression& node = graph.expressions[condition];
  if (!reads_now(graph, condition) || compares_now(graph, node) || tells_day_of_now(graph, node) ||
      compared_with_time_of_now(graph, node)) {
    return true;
  }
  if (node.op == Op::kNow || asks_history(node.op) || asks_list(node.op)) return false;
  return std::ranges::all_of(
      node.arguments, [&](ExprId argument) { return changes_at_known_instants(graph, argument); });
}

}  // namespace sojourn::graph
