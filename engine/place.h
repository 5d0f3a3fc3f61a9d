// A unit's place on the line that splits and holdouts divide: a number that depends on
// nothing but names and the unit, so it is the same for ever and on every machine.
#pragma once

#include <cstdint>
#include <string_view>

#include "graph/value.h"

namespace sojourn::engine {

inline constexpr std::uint32_t kPlaces = 10'000;

// 0 to kPlaces - 1: of `unit`, in the division called `name` of `journey`.
std::uint32_t place_of(std::string_view journey, std::string_view name, const graph::Value& unit);

}  // namespace sojourn::engine
