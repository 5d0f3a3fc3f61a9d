// What an attempt says of the endpoint that was asked, apart from what it means for its
// delivery (outcome.h): a message can be refused by an endpoint that works. Pure; any thread.
#pragma once

#include <cstdint>

#include "connectors/attempt.h"

namespace sojourn::connectors {

enum class Health : std::uint8_t {
  kUnknown,  // nothing
  kWell,     // it answered, whatever it said of the message
  kFailing,  // nobody answered, or it broke down: the message is not to blame
  kTooFast,  // it works, and wants fewer requests
};

Health health_of(const Attempt& attempt);

}  // namespace sojourn::connectors
