#include "engine/exits.h"

#include <string_view>
#include <variant>

namespace sojourn::engine {
namespace {

// Returns whether the rule holds; an event rule only for the event at hand.
struct RuleHolds {
  const Scope& scope;
  bool operator()(const graph::ExitOnEvent& rule) const {
    return scope.event != nullptr && scope.event->name == rule.event && holds(scope, rule.where);
  }
  bool operator()(const graph::ExitWhen& rule) const { return holds(scope, rule.condition); }
};

}  // namespace

std::optional<std::uint32_t> exit_rule(const Scope& scope) {
  for (std::uint32_t i = 0; i < scope.graph.exits.size(); ++i) {
    if (std::visit(RuleHolds{scope}, scope.graph.exits[i])) return i;
  }
  return std::nullopt;
}

bool exit_if_due(Turn& turn, const EventFact* event) {
  if (turn.graph.exits.empty()) return false;
  const auto rule = exit_rule(turn.scope(event));
  if (!rule) return false;
  turn.end(std::visit([](const auto& r) -> std::string_view { return r.reason; },
                      turn.graph.exits[*rule]),
           *rule);
  return true;
}

}  // namespace sojourn::engine
