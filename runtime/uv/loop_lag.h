// How late the loop is: a timer comes every so often, and when it comes later than it should,
// something on the loop's thread took long. On the loop's thread.
#pragma once

#include <cstdint>

#include "base/instant.h"
#include "runtime/uv/callback.h"
#include "runtime/uv/timer.h"

namespace sojourn::uv {

class LoopLag {
 public:
  static constexpr base::Millis kEvery{100};

  // `measured` is called with how late each timer was, until this is destroyed.
  LoopLag(Loop& loop, Callback<void(base::Millis)> measured, base::Millis every = kEvery);

 private:
  void begin();

  Loop& loop_;
  Callback<void(base::Millis)> measured_;
  const base::Millis every_;
  std::int64_t due_ = 0;  // monotonic
  Timer timer_;
};

}  // namespace sojourn::uv
