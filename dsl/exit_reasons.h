// How a journey can end, by the words that authors give and read.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/program.h"
#include "dsl/report.h"

namespace sojourn::dsl {

// engine/reentry.h gives them; the language does not depend on the
// engine.
inline constexpr std::string_view kCompletedReason = "completed";
inline constexpr std::string_view kRestartedReason = "restarted";

// They point into the graph.
std::vector<std::string_view> exit_reasons(const graph::Graph& graph);

// Reports each `left J as R` where J never ends so. What the `faulty` journeys, by
// name, can do is not known.
void check_exit_references(const std::vector<CompiledJourney>& journeys,
                           const std::set<std::string>& faulty, Report& report);

}  // namespace sojourn::dsl
