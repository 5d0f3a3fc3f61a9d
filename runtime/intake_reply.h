// The answer to an intake request whose items are durable.
#pragma once

#include <string>

#include "runtime/intake.h"
#include "runtime/intake_parse.h"

namespace sojourn::runtime {

// Iterable's envelope for the single calls, its own object for the bulk ones. A
// single call that failed is the 409 that Iterable gives for its list.
IntakeAnswer answer_of(const IntakeResult& result);

}  // namespace sojourn::runtime
