// Upper and lower case of UTF-8 text for the alphabets whose letters pair one to
// one: Latin with its European accents, Greek, Cyrillic. Every other character,
// and every ill-formed byte, stays as it is. No locale takes part, so the answer
// is the same on every machine.
#pragma once

#include <string>
#include <string_view>

namespace sojourn::engine {

std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

}  // namespace sojourn::engine
