// When the answer of a condition can change by time alone. Pure, any thread.
#pragma once

#include <optional>
#include <vector>

#include "base/instant.h"
#include "engine/evaluate.h"

namespace sojourn::engine {

struct Changes {
  std::vector<base::Instant> instants;  // in order
  // More may follow after it, which was not looked at. One of the instants.
  std::optional<base::Instant> until;
};

// The instants after `from` at which an event, or the end of an enrollment, leaves a window
// that the condition looks through, `now` passes what it is compared with, or a clock comes
// to a day or a time that the condition looks at. Between two of them its answer is the same,
// if nothing happens: the language allows no other way for a condition that is waited for
// to depend on the time (graph/time_dependence.h).
Changes find_changes(const Scope& scope, graph::ExprId condition, base::Instant from);

}  // namespace sojourn::engine
