#include "engine/exits.h"

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

std::optional<std::string_view> exit_reason(const Scope& scope) {
  for (const auto& rule : scope.graph.exits) {
    if (!std::visit(RuleHolds{scope}, rule)) continue;
    return std::visit([](const auto& r) { return std::string_view(r.reason); }, rule);
  }
  return std::nullopt;
}

bool exit_if_due(Turn& turn, const EventFact* event) {
  if (turn.graph.exits.empty()) return false;
  const auto reason = exit_reason(turn.scope(event));
  if (reason) turn.end(*reason);
  return reason.has_value();
}

}  // namespace sojourn::engine
