// Runs an enrollment from step to step until it rests or ends.
#pragma once

#include "engine/steps/steps.h"
#include "engine/turn.h"

namespace sojourn::engine {

// Nothing happens when there is nowhere to go on to.
void run(Turn& turn, Onward onward);

}  // namespace sojourn::engine
