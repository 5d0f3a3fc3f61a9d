#include "engine/place.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "engine/operators.h"

namespace sojourn::engine {

// Bytes that are hashed: string journey, string name, value unit (base/bytes.h).
std::uint32_t place_of(std::string_view journey, std::string_view name, const graph::Value& unit) {
  base::ByteWriter bytes;
  bytes.string(journey);
  bytes.string(name);
  graph::encode_value(canonical(unit), bytes);
  const std::uint64_t hash = base::stable_hash64(bytes.bytes());
  // The upper half scaled: even to one part in 400,000, with no division.
  return static_cast<std::uint32_t>(((hash >> 32U) * kPlaces) >> 32U);
}

}  // namespace sojourn::engine
