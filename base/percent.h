// Percent-encoding of URL paths and queries (RFC 3986, section 2.1). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sojourn::base {

// Everything but letters, digits and `-._~@` is encoded.
std::string percent_encoded(std::string_view text);

// Nothing when a `%` is not followed by two hex digits. `+` is itself.
std::optional<std::string> percent_decoded(std::string_view text);

// The decoded value of a query's member ("key=ab&limit=3"); nothing without it.
std::optional<std::string> query_member(std::string_view query, std::string_view name);

}  // namespace sojourn::base
