#include "engine/zones.h"

namespace sojourn::engine {
namespace {

const calendar::Zone& utc() {
  static const calendar::Zone kUtc("UTC", 0, {});
  return kUtc;
}

}  // namespace

const calendar::Zone& journey_zone(const Scope& scope) {
  if (scope.zone != nullptr) return *scope.zone;
  // A link that reads the calendar itself reads it in UTC, so that finding the
  // zone never asks for the zone.
  Scope inner = scope;
  inner.zone = &utc();
  for (const graph::ExprId link : scope.graph.zone_chain) {
    const graph::Value name = evaluate(inner, link);
    if (name.kind() != graph::Value::Kind::kString) continue;
    if (const calendar::Zone* zone = scope.zones.find(name.as_string())) return *zone;
  }
  return utc();
}

}  // namespace sojourn::engine
