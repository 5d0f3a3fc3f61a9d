// The user name of an `Authorization: Basic` header (RFC 7617). Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sojourn::app {

// Nothing when the header is of another scheme or is not well formed.
std::optional<std::string> basic_user(std::string_view authorization);

}  // namespace sojourn::app
