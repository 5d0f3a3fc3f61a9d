// Instants in stored formats: a signed varint of milliseconds since 1970, or since another instant.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/instant.h"

namespace sojourn::base {

// Far beyond what is ever stored, and so near that no sum of a few of them overflows.
inline constexpr std::int64_t kFurthestStoredMillis = std::int64_t{1} << 60;

// Fails the reader on one that lies further off: damaged bytes are an error where they are read,
// and not an overflow where they are used.
Instant read_instant(ByteReader& in, Instant since = {});

}  // namespace sojourn::base
