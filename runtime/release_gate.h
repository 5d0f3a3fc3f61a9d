// How fast messages leave that a rule has put off until one moment: quiet hours end for a whole
// zone at once, and a best hour begins for many. So many people a second go on, each with all of
// their messages, since which of those goes first is decided among them; whoever finds no room is
// given a place behind. A few come to their moment exactly. Pure; owned by the shard, on its
// thread.
#pragma once

#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "runtime/store/store.h"

namespace sojourn::runtime {

class ReleaseGate {
 public:
  explicit ReleaseGate(std::uint32_t per_second);

  // Whether what is due at `due` comes with many: rules end at full minutes.
  static bool comes_with_many(base::Instant due);
  // When what is due of this user leaves: now, or later. The same for all that is asked of a user
  // in one go.
  base::Instant place(store::UserId user, base::Instant now);

 private:
  std::int64_t step_micros_;
  std::int64_t next_micros_ = 0;  // the first place that is free, since 1970
  std::optional<store::UserId> last_user_;
  base::Instant asked_at_;
  base::Instant last_place_;
};

}  // namespace sojourn::runtime
