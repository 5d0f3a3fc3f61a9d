// `pace N per D` (language 7): when the next one may enter. Places are given in order, at
// the arrival of the entry; N + 1 of them never lie within D. Pure.
#pragma once

#include <deque>
#include <optional>

#include "base/instant.h"
#include "graph/graph.h"

namespace sojourn::engine {

// The places that were given last, in order; as many as the pace looks back at.
using Places = std::deque<base::Instant>;

// The place of one who comes at `now`: `now` itself, or later; nothing when that is
// further off than `up to`.
std::optional<base::Instant> next_place(const graph::Pace& pace, const Places& given,
                                        base::Instant now);
// Gives it.
void take_place(const graph::Pace& pace, Places& given, base::Instant place);

}  // namespace sojourn::engine
