#include "engine/drift.h"

#include <algorithm>
#include <vector>

#include "graph/operation.h"

namespace sojourn::engine {
namespace {

using graph::ExprId;
using graph::Op;

// Of `not` and of what is subtracted from.
Drift turned(Drift drift) {
  if (drift == Drift::kFalls) return Drift::kRises;
  return drift == Drift::kRises ? Drift::kFalls : drift;
}

Drift joined(Drift a, Drift b) {
  if (a == Drift::kNone) return b;
  return b == Drift::kNone || a == b ? a : Drift::kUnknown;
}

bool moves_along(const graph::Expression& node) {
  return node.window.kind == graph::Window::Kind::kWithin;
}

// A number of events beside zero, below which it never is.
bool counts_to_zero(const graph::Graph& graph, const graph::Expression& comparison) {
  const graph::Expression& count = graph.expressions[comparison.arguments[0]];
  const graph::Expression& with = graph.expressions[comparison.arguments[1]];
  return count.op == Op::kCountEvents && with.op == Op::kConstant &&
         with.constant == graph::Value(std::int64_t{0});
}

// From the drifts of its arguments, which stand in `known`.
Drift drift_of(const graph::Graph& graph, const graph::Expression& node,
               const std::vector<Drift>& known) {
  const auto of = [&](std::size_t argument) { return known[node.arguments[argument]]; };
  Drift all = Drift::kNone;
  for (const ExprId argument : node.arguments) all = joined(all, known[argument]);
  switch (node.op) {
    case Op::kNow:
      return Drift::kUnknown;
    case Op::kNot:
      return turned(of(0));
    case Op::kAnd:
    case Op::kOr:
      return all;
    case Op::kLess:
    case Op::kLessEqual:
      return joined(turned(of(0)), of(1));
    case Op::kGreater:
    case Op::kGreaterEqual:
      return joined(of(0), turned(of(1)));
    case Op::kEqual:
    case Op::kNotEqual:
      if (all == Drift::kNone || !counts_to_zero(graph, node)) break;
      return node.op == Op::kEqual ? turned(of(0)) : of(0);
    case Op::kCountEvents:
    case Op::kLeftJourney:
      if (all != Drift::kNone) return Drift::kUnknown;
      return moves_along(node) ? Drift::kFalls : Drift::kNone;
    default:
      break;
  }
  return all == Drift::kNone && !moves_along(node) ? Drift::kNone : Drift::kUnknown;
}

}  // namespace

Drift drift_of(const graph::Graph& graph, ExprId expression) {
  std::vector<Drift> known(expression + 1, Drift::kUnknown);  // arguments stand before their node
  std::vector<bool> seen(expression + 1);
  std::vector<ExprId> reached{expression};
  seen[expression] = true;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    for (const ExprId argument : graph.expressions[reached[i]].arguments) {
      if (seen[argument]) continue;
      seen[argument] = true;
      reached.push_back(argument);
    }
  }
  std::ranges::sort(reached);
  for (const ExprId id : reached) known[id] = drift_of(graph, graph.expressions[id], known);
  return known[expression];
}

}  // namespace sojourn::engine
