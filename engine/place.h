// A unit's place on the line that splits and holdouts divide: a number that depends on
// nothing but names and the unit, so it is the same for ever and on every machine.
#pragma once

#include <cstdint>
#include <string_view>

#include "graph/value.h"

namespace sojourn::engine {

inline constexpr std::uint32_t kPlaces = 10'000;

// What `unit` is known by in the division called `name` of `journey`.
std::uint64_t unit_hash(std::string_view journey, std::string_view name, const graph::Value& unit);

// 0 to kPlaces - 1: of the unit with that hash.
std::uint32_t place_of_hash(std::uint64_t unit_hash);
std::uint32_t place_of(std::string_view journey, std::string_view name, const graph::Value& unit);

}  // namespace sojourn::engine
