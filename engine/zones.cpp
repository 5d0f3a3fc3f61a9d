#include "engine/zones.h"

#include <vector>

namespace sojourn::engine {
namespace {

const calendar::Zone& utc() {
  static const calendar::Zone kUtc("UTC", 0, {});
  return kUtc;
}

const calendar::Zone& first_of(const Scope& scope, const std::vector<graph::ExprId>& chain) {
  // A link that reads the calendar itself reads it in UTC, so that finding the
  // zone never asks for the zone.
  Scope inner = scope;
  inner.zone = &utc();
  for (const graph::ExprId link : chain) {
    const graph::Value name = evaluate(inner, link);
    if (name.kind() != graph::Value::Kind::kString) continue;
    if (const calendar::Zone* zone = scope.zones.find(name.as_string())) return *zone;
  }
  return utc();
}

}  // namespace

const calendar::Zone& journey_zone(const Scope& scope) {
  return scope.zone != nullptr ? *scope.zone : first_of(scope, scope.graph.zone_chain);
}

const calendar::Zone& person_zone(const Scope& scope) {
  const std::vector<graph::ExprId>& chain = scope.graph.person_zone_chain;
  return chain.empty() ? journey_zone(scope) : first_of(scope, chain);
}

}  // namespace sojourn::engine
