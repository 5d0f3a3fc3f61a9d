// What is kept of the enrollments of one unit that have ended: what re-entry asks, and
// `left JOURNEY as REASON`.
// Row kind kPast, under the number of the first of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/instant.h"
#include "base/result.h"

namespace sojourn::runtime {

// The last enrollment that ended for this reason.
struct PastEnd {
  std::string reason;
  base::Instant at;
  friend bool operator==(const PastEnd&, const PastEnd&) = default;
};

struct PastEnrollment {
  // Reasons that are told apart. Edits of a journey may bring ever new ones: then the
  // one that was last given longest ago goes.
  static constexpr std::size_t kMaxReasons = 64;

  base::Hash128 unit;  // of (journey, `one per` values)
  std::string journey;
  std::uint32_t number = 0;    // of the last that ended
  std::vector<PastEnd> ends;   // no reason twice; the last of all stands last; never empty
  std::uint32_t ended = 0;     // how many, restarted ones left out
  std::uint32_t restarts = 0;  // how many restarts in a row, up to the last

  void add_end(PastEnd end);
  friend bool operator==(const PastEnrollment&, const PastEnrollment&) = default;
};

// Format: u8 version (3), 16 bytes unit, string journey, varint number, varint count
// and for each end: string reason, signed varint at; varint ended, varint restarts.
std::string encode(const PastEnrollment& past);
base::Result<PastEnrollment> decode_past(std::string_view bytes);

}  // namespace sojourn::runtime
