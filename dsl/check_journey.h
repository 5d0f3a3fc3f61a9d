// One journey: its clauses, then its steps, into a graph.
#pragma once

#include "dsl/program.h"
#include "dsl/report.h"
#include "dsl/world.h"

namespace sojourn::calendar {
class ZoneSource;
}

namespace sojourn::dsl {

// `declaration` holds an ast::Journey. The graph is good only if nothing was
// reported; its needs are not computed yet.
CompiledJourney check_journey(const ast::Declaration& declaration, const World& world,
                              calendar::ZoneSource& zones, Report& report);

}  // namespace sojourn::dsl
