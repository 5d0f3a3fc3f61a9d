// Whether the shard rests when there is nothing to do. Turns that find nothing are rare: the one
// that follows a turn that did something, and the one that a clock asks for. Many in one second
// mean that the shard says that something is due and then does not find it: a thread that never
// sleeps. A value.
#pragma once

#include <cstddef>

#include "base/instant.h"

namespace sojourn::sim {

class Rest {
 public:
  // In a row, within a second.
  static constexpr std::size_t kMostIdle = 10;

  // A turn has ended that was given nothing and did nothing, or another; `now` by the clock that
  // nobody sets. False: there have been too many.
  bool turned(base::Millis now, bool was_idle) {
    constexpr base::Millis kSecond = base::seconds(1);
    if (!was_idle || now.count - since_.count >= kSecond.count) {
      since_ = now;
      idle_ = 0;
    }
    if (was_idle) ++idle_;
    return idle_ <= kMostIdle;
  }

 private:
  base::Millis since_;
  std::size_t idle_ = 0;
};

}  // namespace sojourn::sim
