// Defines what engine/place.cpp does, before the archive can; without salt, the same.
#include "tests/sim/planted/salted_place.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "engine/operators.h"
#include "engine/place.h"

namespace sojourn::sim {
namespace {
std::uint64_t salted_with = 0;
}  // namespace

void salt_places(std::uint64_t salt) {
  salted_with = salt;
}

}  // namespace sojourn::sim

namespace sojourn::engine {

std::uint64_t unit_hash(std::string_view journey, std::string_view name, const graph::Value& unit) {
  base::ByteWriter bytes;
  bytes.string(journey);
  bytes.string(name);
  graph::encode_value(canonical(unit), bytes);
  return base::stable_hash64(bytes.bytes(), sim::salted_with);
}

std::uint32_t place_of_hash(std::uint64_t unit_hash) {
  return static_cast<std::uint32_t>(((unit_hash >> 32U) * kPlaces) >> 32U);
}

std::uint32_t place_of(std::string_view journey, std::string_view name, const graph::Value& unit) {
  return place_of_hash(unit_hash(journey, name, unit));
}

}  // namespace sojourn::engine
