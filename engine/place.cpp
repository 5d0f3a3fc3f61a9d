#include "engine/place.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "engine/operators.h"

namespace sojourn::engine {

// Bytes that are hashed: string journey, string name, value unit (base/bytes.h).
std::uint64_t unit_hash(std::string_view journey, std::string_view name, const graph::Value& unit) {
  base::ByteWriter bytes;
  bytes.string(journey);
  bytes.string(name);
  graph::encode_value(canonical(unit), bytes);
  return base::stable_hash64(bytes.bytes());
}

// The upper half scaled: even to one part in 400,000, with no division.
std::uint32_t place_of_hash(std::uint64_t unit_hash) {
  return static_cast<std::uint32_t>(((unit_hash >> 32U) * kPlaces) >> 32U);
}

std::uint32_t place_of(std::string_view journey, std::string_view name, const graph::Value& unit) {
  return place_of_hash(unit_hash(journey, name, unit));
}

}  // namespace sojourn::engine
