// What the daemon's log says of an outcome. A provider's words may name the person whom a request
// was about, and so may a code that it makes up; so the log has the status, and what the transport
// or we ourselves say. The provider's words stand in the user's own log and in the dead letter,
// which go with the user. Pure.
#pragma once

#include <string>

#include "connectors/outcome.h"

namespace sojourn::runtime {

// "status=400", or the message of an outcome without an answer.
std::string told(const connectors::Outcome& outcome);

}  // namespace sojourn::runtime
