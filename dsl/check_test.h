// `test` blocks: names, types, order, into what testing/ carries out. Checked after
// the journeys, whose steps, splits and reasons they name.
#pragma once

#include <map>
#include <string_view>

#include "dsl/program.h"
#include "dsl/report.h"
#include "dsl/world.h"

namespace sojourn::calendar {
class ZoneSource;
}

namespace sojourn::dsl {

// The journeys that were checked without a fault. Of one with faults it is not
// known what steps it has, so lines about it are silent.
using SoundJourneys = std::map<std::string_view, const CompiledJourney*>;

// `declaration` holds an ast::Test. The plan is good only if nothing was reported.
TestPlan check_test(const ast::Declaration& declaration, const World& world,
                    const SoundJourneys& journeys, calendar::ZoneSource& zones, Report& report);

}  // namespace sojourn::dsl
