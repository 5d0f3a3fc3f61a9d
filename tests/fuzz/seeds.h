// What fuzzing begins with: what the tree has of each kind of input.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sojourn::fuzz {

// Empty where there is no such target, or where it begins with nothing.
std::vector<std::string> seeds_of(std::string_view target);

}  // namespace sojourn::fuzz
