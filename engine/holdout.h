// Who is held out: enters, is measured, and gets nothing (language 5 and 7). By a stable
// hash of the user, so that the same people stay out. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/facts.h"
#include "graph/graph.h"
#include "graph/sending_rules.h"

namespace sojourn::engine {

// Of a journey. Asked at entry; the enrollment keeps the answer.
bool is_held_out(const graph::Graph& graph, const Facts& facts, std::uint64_t user);

// Of the policy: by one of its holdouts.
bool is_held_out(const graph::SendingRules& rules, const Facts& facts, std::uint64_t user);

}  // namespace sojourn::engine
