// The last instant that the shard lived by, kept in every commit, so that the next process goes
// on from there (lived_time.h). A shard that rests notes the time now and then, or a long rest
// would look like a long outage. One row, of a user that nobody is. Owned by the shard, on its
// thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

// Format: u8 version (1), signed varint milliseconds since 1970.
std::string encode_last_lived(base::Instant lived);
base::Result<base::Instant> decode_last_lived(std::string_view bytes);

// What the store knows; nothing: it has never been committed to. kFatal when it cannot be read.
base::Result<std::optional<base::Instant>> read_last_lived(store::Store& store);

class LastLived {
 public:
  // Without a commit for so long, the time alone is worth one.
  static constexpr base::Millis kRest = base::hours(1);

  // Before the first turn.
  void begin(base::Instant now) { noted_ = now; }
  // When a turn is wanted although nothing may be due.
  base::Instant next_note() const { return noted_ + kRest; }
  // For a commit that is going to be made.
  void write_to(store::Commit& commit, base::Instant now);

 private:
  base::Instant noted_;
  std::optional<base::Instant> stored_;
};

}  // namespace sojourn::runtime
