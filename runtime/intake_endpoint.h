// The paths that senders post to, each said once. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "runtime/intake.h"

namespace sojourn::runtime {

// Nothing where the path is none of ours, or holds the name of a journey.
std::optional<IntakeRequest::Endpoint> find_endpoint(std::string_view path);
// NAME of /v1/journeys/NAME/entries.
std::optional<std::string_view> journey_of(std::string_view path);
// As an answer names it.
std::string_view path_of(IntakeRequest::Endpoint endpoint);
// A path of Iterable's: what came by it can go on to Iterable.
bool is_iterables(IntakeRequest::Endpoint endpoint);
// Calls that a sender of Iterable's makes about its users and that say nothing to a journey:
// devices, a question by SMS whether somebody consents, and what somebody did with a message in an
// app. They only go on, if anything does.
bool only_goes_on(std::string_view path);
// Whether a call is about erasing a user: /api/users/forget, unforget, or a DELETE of one.
bool erases(std::string_view method, std::string_view path);

}  // namespace sojourn::runtime
