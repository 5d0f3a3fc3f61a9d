// What has to happen to a user that a journey begins: the other side of graph/causes.h.
#pragma once

#include <compare>
#include <set>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "graph/graph.h"

namespace sojourn::graph {

// An event, reserved ones included, from which it can follow; `after` later at the least.
struct Awaited {
  std::string event;
  base::Millis after;
  friend auto operator<=>(const Awaited&, const Awaited&) = default;
};

// What lets one of the journey's entries come. Of a condition that is watched: whatever can
// make it true. Of fields, lists and subscriptions every change counts, whichever way;
// of what has happened and of journeys only those that can. `no sent any within 30d` is
// made true by no message, but 30 days later by its going out of sight.
std::set<Awaited> events_awaited(const Graph& graph);

// The names under which events_caused_by() gives the events of this name for which `where`
// (kNoExpr: always) can hold. One suffices. Of messages, what they are is looked at; no
// other condition is.
std::set<std::string> events_meant(const Graph& graph, const std::string& event, ExprId where);

}  // namespace sojourn::graph
