// Percent-encoding of URL parts (RFC 3986, section 2.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sojourn::app {

// Everything but letters, digits and `-._~@` is encoded.
std::string percent_encode(std::string_view text);
// nullopt when a `%` is not followed by two hex digits. `+` is itself.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace sojourn::app
