// Questions about the items of a list (language 6): `any entry.items where it.paid`,
// `sum(entry.items.price)`. A value that is no list has no items.
#pragma once

#include "engine/evaluate.h"
#include "graph/expression.h"
#include "graph/value.h"

namespace sojourn::engine {

// The answer to `question`, an expression for which graph::asks_list holds.
graph::Value ask_list(const Scope& scope, const graph::Expression& question);

}  // namespace sojourn::engine
