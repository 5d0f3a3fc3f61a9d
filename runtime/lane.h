// One way out, with a limit of its own: what is under way on it, and until when it
// rests. A value; on the shard's thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "base/instant.h"

namespace sojourn::runtime {

struct Lane {
  std::uint32_t in_flight = 0;
  base::Instant paused_until;

  bool open(std::uint32_t limit, base::Instant now) const {
    return in_flight < limit && paused_until <= now;
  }
  std::size_t room(std::uint32_t limit, base::Instant now) const {
    return open(limit, now) ? limit - in_flight : 0;
  }
  void end() {
    SOJOURN_CHECK(in_flight > 0, "an attempt ends once");
    --in_flight;
  }
  void pause(base::Instant until) { paused_until = std::max(paused_until, until); }
  // When a pause that holds at `now` ends; kNever when none holds.
  base::Instant next_opening(base::Instant now) const {
    return paused_until > now ? paused_until : base::kNever;
  }
};

}  // namespace sojourn::runtime
