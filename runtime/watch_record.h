// What a user is watched for (engine/watches.h), as a row. Row kind kWatch, number 0.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/watches.h"

namespace sojourn::runtime {

// Format: u8 version (1), fixed64 fingerprint of the plan, varint count, then for each
// rule that is not as engine::Watch{}: fixed64 key, u8 flags (1 holds, 2 due, 4 date,
// 8 last), [signed varint due], [signed varint date], [signed varint last].
std::string encode(const engine::Watches& watches, const engine::WatchPlan& plan);
struct StoredWatches {
  engine::Watches watches;
  // The earliest due in the row: its timer. Rules that are gone count.
  std::optional<base::Instant> due;
};
base::Result<StoredWatches> decode_watches(std::string_view bytes, const engine::WatchPlan& plan);

}  // namespace sojourn::runtime
