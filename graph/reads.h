// What expressions read of a user beside the enrollment: fields of the profile, and
// events that questions are about.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace sojourn::graph {

// Refers to the graph. An expression is walked once.
class ReadCollector {
 public:
  explicit ReadCollector(const Graph& graph)
      : graph_(graph), seen_(graph.expressions.size(), false) {}

  // `root` and all that it is made of; kNoExpr reads nothing.
  void read(ExprId root);

  // Sorted.
  std::vector<std::string> fields() const { return {fields_.begin(), fields_.end()}; }
  std::vector<std::string> events() const { return {events_.begin(), events_.end()}; }
  // Lists that are asked about, sorted.
  std::vector<std::string> lists() const { return {lists_.begin(), lists_.end()}; }
  // What the user belongs to, beside what the profile says of it.
  bool memberships() const { return memberships_; }

 private:
  const Graph& graph_;
  std::vector<bool> seen_;
  std::set<std::string, std::less<>> fields_;
  std::set<std::string, std::less<>> events_;
  std::set<std::string, std::less<>> lists_;
  bool memberships_ = false;
};

// What decides when a watched entry comes, but for the zone.
ReadCollector reads_of(const Graph& graph, const WatchedEntry& watched);

}  // namespace sojourn::graph
