#include "engine/changes.h"

#include <utility>

#include "graph/reserved.h"

namespace sojourn::engine {

std::optional<EventFact> change_fact(std::string event, const graph::Value& from,
                                     const graph::Value& to) {
  if (from == to) return std::nullopt;
  EventFact fact;
  fact.name = std::move(event);
  if (!from.is_missing()) fact.fields.emplace_back(graph::kChangedFrom, from);
  if (!to.is_missing()) fact.fields.emplace_back(graph::kChangedTo, to);
  return fact;
}

}  // namespace sojourn::engine
