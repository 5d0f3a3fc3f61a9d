// `assert …` lines of a journey: first their names and numbers, then, when the whole
// program is in order, whether they are so (proof/prove.h).
#pragma once

#include <vector>

#include "dsl/program.h"
#include "dsl/step_context.h"

namespace sojourn::dsl {

// After the steps, whose names an assert may use. A step that is unknown is left to
// StepContext::references.
std::vector<Assert> check_asserts(const ast::Journey& journey, StepContext& context);

// Appends a finding for each assert that does not hold, with a way that shows it. The
// graph is a verified one.
void prove_asserts(const CompiledJourney& journey, const graph::Catalog& catalog,
                   const std::vector<SourceFile>& files, std::vector<Diagnostic>& diagnostics);

}  // namespace sojourn::dsl
