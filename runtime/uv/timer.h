// A one-shot timer on a loop's thread, on the monotonic clock. `on_due` may start
// the timer again or destroy it. Destroying it cancels. What must survive a restart
// or a jump of the wall clock does not belong here: durable timers are rows.
#pragma once

#include "base/instant.h"
#include "runtime/uv/callback.h"

namespace sojourn::uv {

class Loop;

class Timer {
 public:
  Timer(Loop& loop, Callback<void()> on_due);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // Due `delay` from now (negative counts as zero); a timer that runs starts over.
  // libuv counts whole milliseconds, so it may be up to one early: look at a clock
  // where that matters.
  void start(base::Millis delay);
  void stop();
  bool running() const;

 private:
  struct Handle;
  Handle* handle_;  // closed by the destructor, freed by the loop
};

}  // namespace sojourn::uv
