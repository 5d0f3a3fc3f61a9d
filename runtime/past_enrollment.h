// What is kept of an enrollment that has ended: what re-entry asks. Row kind kPast.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/instant.h"
#include "base/result.h"

namespace sojourn::runtime {

struct PastEnrollment {
  base::Hash128 unit;  // of (journey, `one per` values)
  std::string journey;
  base::Instant ended_at;
  std::string reason;
};

// Format: u8 version (1), 16 bytes unit, string journey, signed varint ended_at,
// string reason.
std::string encode(const PastEnrollment& past);
base::Result<PastEnrollment> decode_past(std::string_view bytes);

}  // namespace sojourn::runtime
