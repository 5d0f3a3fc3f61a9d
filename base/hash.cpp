#include "base/hash.h"

#include <charconv>
#include <xxhash.h>

namespace sojourn::base {

std::uint64_t stable_hash64(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string Hash128::hex() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out(32, '0');
  for (std::size_t i = 0; i < 16; ++i) {
    const auto shift = 60 - 4 * i;
    out[i] = kDigits[(high >> shift) & 0xF];
    out[16 + i] = kDigits[(low >> shift) & 0xF];
  }
  return out;
}

std::optional<Hash128> Hash128::from_hex(std::string_view text) {
  if (text.size() != 32) return std::nullopt;
  Hash128 out;
  const char* begin = text.data();
  const auto high = std::from_chars(begin, begin + 16, out.high, 16);
  const auto low = std::from_chars(begin + 16, begin + 32, out.low, 16);
  if (high.ptr != begin + 16 || low.ptr != begin + 32) return std::nullopt;
  return out;
}

Hash128 stable_hash128(std::string_view bytes) {
  const XXH128_hash_t h = XXH3_128bits(bytes.data(), bytes.size());
  return Hash128{h.high64, h.low64};
}

}  // namespace sojourn::base
