// The lines of a journey about people inside when it is edited: that they name the
// steps which they must, and each old step once.
#pragma once

#include "dsl/edit_rules.h"
#include "dsl/step_context.h"

namespace sojourn::dsl {

// After the steps, whose names the lines use. A step that is unknown is left to
// StepContext::references.
EditRules check_edit_rules(const ast::Journey& journey, StepContext& context);

}  // namespace sojourn::dsl
