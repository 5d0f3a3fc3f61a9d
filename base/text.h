// Small questions about text that more than one folder asks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::base {

// The candidate that `word` was most likely meant to be: the smallest optimal
// string alignment distance (a swap of neighbours counts 1), case ignored, at
// most a third of the word's length (at least 1). Ties: the first candidate.
std::optional<std::string_view> did_you_mean(std::string_view word,
                                             const std::vector<std::string_view>& candidates);

// Offset of the first byte that is not well-formed UTF-8 (RFC 3629: no
// surrogates, no overlong forms, at most U+10FFFF), or nullopt.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

// ASCII letters in lower case, every other byte as it is: how emails are compared.
std::string lower_ascii(std::string_view text);

// `text` between double quotes as a JSON string. Ill-formed UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace sojourn::base
