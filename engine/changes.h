// A change of a profile field as an event of the user (graph::change_event).
#pragma once

#include <optional>
#include <string>

#include "engine/facts.h"
#include "graph/value.h"

namespace sojourn::engine {

// `event`, with `from` and `to`; nothing when the field reads the same. Who it is for
// gives it its number and its times.
std::optional<EventFact> change_fact(std::string event, const graph::Value& from,
                                     const graph::Value& to);

}  // namespace sojourn::engine
