// Hashes that are written to disk or sent out, so they may never change: XXH3
// with the default secret (xxHash 0.8's format is frozen).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sojourn::base {

// 64 bits: routing, dedup keys, shares of a split.
std::uint64_t stable_hash64(std::string_view bytes, std::uint64_t seed = 0);

// 128 bits: names of things (graph versions, message keys).
struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend auto operator<=>(const Hash128&, const Hash128&) = default;

  // 32 lower-case hex digits, high half first.
  std::string hex() const;
  static std::optional<Hash128> from_hex(std::string_view text);
};

Hash128 stable_hash128(std::string_view bytes);

}  // namespace sojourn::base
