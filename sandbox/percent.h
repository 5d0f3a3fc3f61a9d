// Percent-encoding of paths and queries. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sojourn::sandbox {

// Nothing when a `%` is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text);

// The decoded value of a query's member ("key=ab&limit=3"); nothing without it.
std::optional<std::string> query_member(std::string_view query, std::string_view name);

}  // namespace sojourn::sandbox
