// Where the steps and exit rules of compiled journeys stand in their text.
#pragma once

#include "runtime/step_places.h"

namespace sojourn::dsl {
struct Compilation;
}

namespace sojourn::app {

// Empty when there is no program.
runtime::StepPlaces step_places(const dsl::Compilation& compilation);

}  // namespace sojourn::app
