// Turns SIGTERM and SIGINT into a call on the loop's thread, each time one arrives.
// While this exists neither kills the process.
#pragma once

#include <array>

#include "runtime/uv/callback.h"

namespace sojourn::uv {

class Loop;

class StopSignals {
 public:
  // `on_signal` is given SIGTERM or SIGINT.
  StopSignals(Loop& loop, Callback<void(int)> on_signal);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  struct Handle;
  Callback<void(int)> on_signal_;
  std::array<Handle*, 2> handles_;  // closed by the destructor, freed by the loop
};

}  // namespace sojourn::uv
