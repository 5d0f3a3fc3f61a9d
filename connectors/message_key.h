// How a message's key travels with it: what somebody needs who finds a message of
// ours elsewhere and wants to know which delivery it was.
#pragma once

#include "graph/reserved.h"

namespace sojourn::connectors {

// The member of `dataFields` (and of `metadata`, where the medium has it) that
// holds the key, as 32 hex digits.
using graph::kMessageKeyField;

}  // namespace sojourn::connectors
