#include "graph/reads.h"

#include <variant>

#include "graph/built_in.h"
#include "graph/operation.h"

namespace sojourn::graph {

void ReadCollector::read(ExprId root) {
  if (root == kNoExpr || seen_[root]) return;
  std::vector<ExprId> open{root};
  seen_[root] = true;
  while (!open.empty()) {
    const Expression& expression = graph_.expressions[open.back()];
    open.pop_back();
    if (expression.op == Op::kUserField) fields_.insert(expression.name);
    if (expression.op == Op::kSubscribedTo) {
      fields_.insert({std::string(kSubscribedIds), std::string(kUnsubscribedIds),
                      std::string(kUnsubscribedChannelIds)});
    } else if (asks_membership(expression.op)) {
      memberships_ = true;
    }
    if (expression.op == Op::kInList) lists_.insert(expression.name);
    if (asks_history(expression.op)) events_.insert(expression.name);
    for (const ExprId argument : expression.arguments) {
      if (seen_[argument]) continue;
      seen_[argument] = true;
      open.push_back(argument);
    }
  }
}

ReadCollector reads_of(const Graph& graph, const WatchedEntry& watched) {
  ReadCollector reads(graph);
  if (const auto* date = std::get_if<DateEntry>(&watched.rule)) {
    reads.read(date->date);
  } else if (const auto* when = std::get_if<WhenEntry>(&watched.rule)) {
    reads.read(when->condition);
  }
  // A schedule comes whatever the user is like; whom it is for is asked when it comes.
  return reads;
}

}  // namespace sojourn::graph
