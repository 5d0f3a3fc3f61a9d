#include "proof/event_exits.h"

#include <algorithm>
#include <variant>

#include "graph/graph.h"
#include "proof/constant_condition.h"

namespace sojourn::proof {
namespace {

using graph::Expression;
using graph::ExprId;
using Pool = std::vector<Expression>;

bool same(const Pool& a, ExprId x, const Pool& b, ExprId y) {
  const Expression& right = b[y];
  if (a[x].arguments.size() != right.arguments.size()) return false;
  // Everything but the arguments, whose places differ between the pools.
  Expression left = a[x];
  left.arguments = right.arguments;
  if (left != right) return false;
  for (std::size_t i = 0; i < right.arguments.size(); ++i) {
    if (!same(a, a[x].arguments[i], b, right.arguments[i])) return false;
  }
  return true;
}

void add_parts(const Pool& pool, ExprId condition, std::vector<ExprId>& parts) {
  if (pool[condition].op != graph::Op::kAnd) {
    parts.push_back(condition);
    return;
  }
  for (const ExprId argument : pool[condition].arguments) add_parts(pool, argument, parts);
}

// Is every part of `rule`, of `rules`, a part of `fact`, of `facts`?
bool states(const Pool& facts, ExprId fact, const Pool& rules, ExprId rule) {
  std::vector<ExprId> needed;
  std::vector<ExprId> stated;
  add_parts(rules, rule, needed);
  add_parts(facts, fact, stated);
  return std::ranges::all_of(needed, [&](ExprId part) {
    return std::ranges::any_of(stated,
                               [&](ExprId given) { return same(rules, part, facts, given); });
  });
}

bool follows(const graph::Graph& graph, ExprId rule, const EventCase& event) {
  if (rule == graph::kNoExpr || constant_truth(graph, rule) == true) return true;
  if (event.where == graph::kNoExpr) return false;
  return states(event.expressions, event.where, graph.expressions, rule);
}

}  // namespace

bool implies(const graph::Graph& graph, graph::ExprId fact, graph::ExprId rule) {
  return states(graph.expressions, fact, graph.expressions, rule);
}

bool always_exits(const graph::Graph& graph, const EventCase& event) {
  return std::ranges::any_of(graph.exits, [&](const auto& rule) {
    const auto* on_event = std::get_if<graph::ExitOnEvent>(&rule);
    return on_event != nullptr && on_event->event == event.event &&
           follows(graph, on_event->where, event);
  });
}

}  // namespace sojourn::proof
