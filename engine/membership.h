// What the user belongs to (language 6): `subscribed to`, `in list`, `in journey`,
// `left`. Pure and total, as all of evaluation.
#pragma once

#include <optional>

#include "base/instant.h"
#include "engine/evaluate.h"
#include "graph/expression.h"
#include "graph/value.h"

namespace sojourn::engine {

// The answer to `question`, an expression for which graph::asks_membership holds.
graph::Value ask_membership(const Scope& scope, const graph::Expression& question);

// When time alone makes the answer another one; nothing when it never does.
std::optional<base::Instant> leaves_membership(const Scope& scope,
                                               const graph::Expression& question);

}  // namespace sojourn::engine
