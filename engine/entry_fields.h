// What is read of the event that starts an enrollment, before there is one.
#pragma once

#include <vector>

#include "engine/evaluate.h"
#include "engine/facts.h"
#include "graph/graph.h"

namespace sojourn::engine {

// By Graph::entry_fields; missing where the event has none.
std::vector<graph::Value> entry_fields_of(const graph::Graph& graph, const EventFact& event);

// What expressions read when `event` is about to start an enrollment at `now`; `fields`
// are its entry_fields_of. Keeps references to all of them.
Scope scope_at_entry(const graph::Graph& graph, const Facts& facts, const EventFact& event,
                     const std::vector<graph::Value>& fields, base::Instant now);

}  // namespace sojourn::engine
