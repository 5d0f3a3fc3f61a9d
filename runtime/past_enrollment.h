// What is kept of the enrollments of one unit that have ended: what re-entry asks.
// Row kind kPast, under the number of the first of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/instant.h"
#include "base/result.h"

namespace sojourn::runtime {

struct PastEnrollment {
  base::Hash128 unit;  // of (journey, `one per` values)
  std::string journey;
  // Of the last that ended.
  std::uint32_t number = 0;
  base::Instant ended_at;
  std::string reason;

  std::uint32_t ended = 0;     // how many, restarted ones left out
  std::uint32_t restarts = 0;  // how many restarts in a row, up to the last
  friend bool operator==(const PastEnrollment&, const PastEnrollment&) = default;
};

// Format: u8 version (2), 16 bytes unit, string journey, varint number, signed
// varint ended_at, string reason, varint ended, varint restarts.
std::string encode(const PastEnrollment& past);
base::Result<PastEnrollment> decode_past(std::string_view bytes);

}  // namespace sojourn::runtime
