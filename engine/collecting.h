// The gathering of `collect` steps: an event that comes joins every collection of the
// enrollment that it matches, wherever the person is.
#pragma once

#include "engine/facts.h"
#include "engine/turn.h"

namespace sojourn::engine {

// Once for each event of the enrollment, the entry event included.
void collect(Turn& turn, const EventFact& event);

// Makes the list readable: empty if nothing has come, and in any case when it is to
// begin `anew`.
void open_collection(Turn& turn, const graph::Collect& step, bool anew);

}  // namespace sojourn::engine
