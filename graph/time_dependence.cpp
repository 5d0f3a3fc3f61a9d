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

bool is_clock(const Graph& graph, ExprId id) {
  const Expression& node = graph.expressions[id];
  switch (node.op) {
    case Op::kNow:
      return true;
    case Op::kAddDuration:
    case Op::kSubtractDuration:
      return is_clock(graph, node.arguments[0]) && !reads_now(graph, node.arguments[1]);
    case Op::kDate:
      return is_clock(graph, node.arguments[0]);
    default:
      return false;
  }
}

std::optional<ExprId> tells_day_of(const Graph& graph, const Expression& node) {
  switch (node.op) {
    case Op::kDate:
    case Op::kWeekday:
    case Op::kMonth:
    case Op::kDay:
    case Op::kYear:
      if (is_clock(graph, node.arguments[0])) return node.arguments[0];
      return std::nullopt;
    case Op::kDaysBetween:
      for (const std::size_t side : {0U, 1U}) {
        const ExprId clock = node.arguments[side];
        if (is_clock(graph, clock) && !reads_now(graph, node.arguments[1 - side])) return clock;
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<TimeCompared> compares_time_of(const Graph& graph, const Expression& node) {
  if (node.op < Op::kEqual || node.op > Op::kGreaterEqual) return std::nullopt;
  for (const std::size_t side : {0U, 1U}) {
    const Expression& time = graph.expressions[node.arguments[side]];
    const ExprId other = node.arguments[1 - side];
    if (time.op == Op::kTime && is_clock(graph, time.arguments[0]) && !reads_now(graph, other)) {
      return TimeCompared{time.arguments[0], other};
    }
  }
  return std::nullopt;
}

namespace {

// Its items are the same until something happens.
bool is_steady_list(const Graph& graph, ExprId id) {
  std::vector<ExprId> open{id};
  while (!open.empty()) {
    const Expression& node = graph.expressions[open.back()];
    open.pop_back();
    if (node.op == Op::kNow || asks_history(node.op)) return false;
    open.insert(open.end(), node.arguments.begin(), node.arguments.end());
  }
  return true;
}

bool is_known(const Graph& graph, ExprId condition, bool in_question) {
  const Expression& node = graph.expressions[condition];
  if (!reads_now(graph, condition) || compares_now(graph, node) || tells_day_of(graph, node) ||
      compares_time_of(graph, node)) {
    return true;
  }
  const bool is_question = asks_history(node.op) || asks_list(node.op);
  if (node.op == Op::kNow || (is_question && in_question)) return false;
  if (asks_list(node.op) && !is_steady_list(graph, node.arguments[0])) return false;
  return std::ranges::all_of(node.arguments, [&](ExprId argument) {
    return is_known(graph, argument, in_question || is_question);
  });
}

}  // namespace

bool changes_at_known_instants(const Graph& graph, ExprId condition) {
  return is_known(graph, condition, false);
}

}  // namespace sojourn::graph
