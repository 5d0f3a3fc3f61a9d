// The `Retry-After` of an answer. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/instant.h"

namespace sojourn::connectors {

// Seconds only: a date would need a clock to be understood, and then the ordinary
// back-off does as well. At most ten days.
std::optional<base::Millis> retry_after(std::string_view header);

}  // namespace sojourn::connectors
