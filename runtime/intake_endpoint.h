// The paths that senders post to, each said once. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "runtime/intake.h"

namespace sojourn::runtime {

// Nothing where the path is none of ours, or holds the name of a journey.
std::optional<IntakeRequest::Endpoint> find_endpoint(std::string_view path);
// As an answer names it.
std::string_view path_of(IntakeRequest::Endpoint endpoint);

}  // namespace sojourn::runtime
