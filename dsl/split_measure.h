// `measure` and `decide` of a split: what is counted of its arms, and when one of them has
// won (engine/experiment.h).
#pragma once

#include "dsl/step_context.h"

namespace sojourn::dsl {

// Into `action`, whose name, unit and arms are there already. Reports what cannot be measured or
// decided.
void check_measure_and_decide(StepContext& context, const ast::Split& split, graph::Split& action);

// As an author writes it: `12.5`.
std::string percent_text(std::int64_t basis_points);

}  // namespace sojourn::dsl
