// Journeys that start each other in a circle (language 1): by `start`, by an event
// that one tracks, by a field that one writes, by a message that one sends, by its beginning
// or its end.
#pragma once

#include <vector>

#include "dsl/diagnostic.h"
#include "dsl/program.h"
#include "dsl/source.h"

namespace sojourn::dsl {

// The graphs are verified. Reports a circle unless every way round takes at least
// kLeastRound, or goes through a journey that one user enters once, or once in that time, and
// from nobody to many.
inline constexpr base::Millis kLeastRound = base::hours(1);
void check_cycles(const graph::Catalog& catalog, const std::vector<CompiledJourney>& journeys,
                  const std::vector<SourceFile>& files, std::vector<Diagnostic>& diagnostics);

}  // namespace sojourn::dsl
