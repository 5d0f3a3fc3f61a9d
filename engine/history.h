// Questions over what has happened (language 6): which kept events lie in a window,
// and what an operation makes of them. Pure and total, as all of evaluation.
#pragma once

#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "engine/evaluate.h"
#include "engine/facts.h"
#include "graph/expression.h"
#include "graph/value.h"

namespace sojourn::engine {

// Did `event` happen after the event that started the enrollment? Of two that
// happened at one instant, the one that came later is later.
bool is_after_entry(const EventFact& event, base::Instant entry_created_at,
                    std::uint64_t entry_event);

// Is it an event `since entry`? One that came before the person entered is one only if it
// happened no longer than graph::kLookBack before that: so long it is kept of everybody.
bool is_since_entry(const EventFact& event, const Scope& scope);

// The event as a value: its fields and `createdAt`.
graph::Value event_object(const EventFact& event);

// The answer to `question`, an expression for which graph::asks_history holds.
graph::Value ask_history(const Scope& scope, const graph::Expression& question);

// When `event` is no longer in `window`, time alone passing; nothing when that does
// not depend on time.
std::optional<base::Instant> leaves_window(const graph::Window& window, const EventFact& event);

}  // namespace sojourn::engine
