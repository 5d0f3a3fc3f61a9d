#include "engine/zones.h"

#include <vector>

#include "engine/reasons.h"
#include "graph/expression_text.h"

namespace sojourn::engine {
namespace {

const calendar::Zone& utc() {
  static const calendar::Zone kUtc("UTC", 0, {});
  return kUtc;
}

// The first link that gives a zone we know.
struct Found {
  const calendar::Zone& zone;
  graph::ExprId link = graph::kNoExpr;  // kNoExpr: none does
};

Found first_of(const Scope& scope, const std::vector<graph::ExprId>& chain) {
  // A link that reads the calendar itself reads it in UTC, so that finding the
  // zone never asks for the zone.
  Scope inner = scope;
  inner.zone = &utc();
  for (const graph::ExprId link : chain) {
    const graph::Value name = evaluate(inner, link);
    if (name.kind() != graph::Value::Kind::kString) continue;
    if (const calendar::Zone* zone = scope.zones.find(name.as_string())) return {*zone, link};
  }
  return {utc()};
}

ZoneUsed used(const Scope& scope, const std::vector<graph::ExprId>& chain) {
  const Found found = first_of(scope, chain);
  const bool reads = found.link != graph::kNoExpr &&
                     scope.graph.expressions[found.link].op != graph::Op::kConstant;
  return {found.zone.name(), reads
                                 ? bounded(graph::to_string(scope.graph, found.link), kMaxReadBytes)
                                 : "the default"};
}

}  // namespace

const calendar::Zone& journey_zone(const Scope& scope) {
  return scope.zone != nullptr ? *scope.zone : first_of(scope, scope.graph.zone_chain).zone;
}

const calendar::Zone& person_zone(const Scope& scope) {
  const std::vector<graph::ExprId>& chain = scope.graph.person_zone_chain;
  return chain.empty() ? journey_zone(scope) : first_of(scope, chain).zone;
}

ZoneUsed journey_zone_used(const Scope& scope) {
  return used(scope, scope.graph.zone_chain);
}

ZoneUsed person_zone_used(const Scope& scope) {
  const std::vector<graph::ExprId>& chain = scope.graph.person_zone_chain;
  return used(scope, chain.empty() ? scope.graph.zone_chain : chain);
}

}  // namespace sojourn::engine
