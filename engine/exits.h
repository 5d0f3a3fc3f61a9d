// Exit rules (language 7). They hold in any state: waiting, sending, inside a
// rung; they are looked at before anything else an input could do.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/evaluate.h"
#include "engine/turn.h"

namespace sojourn::engine {

// The first rule, in the order written, that holds. Without an event only `exit
// when` rules can.
std::optional<std::uint32_t> exit_rule(const Scope& scope);

// Ends the enrollment if a rule holds; says whether it did.
bool exit_if_due(Turn& turn, const EventFact* event = nullptr);

}  // namespace sojourn::engine
