// What is declared and then used nowhere. A name counts as used when it occurs in the
// program a second time, as whatever: better silent than wrong.
#pragma once

#include <vector>

#include "dsl/allow.h"

namespace sojourn::dsl {

// For programs without errors. Looks at constants, segments and fragments, which are made
// to be used. Journeys are the purpose of it all, and the rest says what there is in
// Iterable, used or not.
void lint_unused(const ParsedFiles& parsed, const std::vector<SourceFile>& files,
                 std::vector<Diagnostic>& diagnostics);

}  // namespace sojourn::dsl
