// Lints: what is likely to be a mistake though every rule is kept. They look at programs
// without errors, at the graphs and now and then at the text. Each finding is certain, as
// far as its page says; an author who means it says `allow NAME "why"` above it.
#pragma once

#include <vector>

#include "dsl/allow.h"
#include "dsl/program.h"
#include "dsl/world.h"

namespace sojourn::calendar {
class ZoneSource;
}

namespace sojourn::dsl {

struct LintedProgram {
  const ParsedFiles& parsed;
  const std::vector<SourceFile>& files;
  const World& world;
  const std::vector<CompiledJourney>& journeys;  // by name; their graphs are sound
  calendar::ZoneSource& zones;
};

void lint(const LintedProgram& program, std::vector<Diagnostic>& diagnostics);

}  // namespace sojourn::dsl
