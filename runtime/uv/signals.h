// Turns signals into calls on the loop's thread, each time one arrives. While this
// exists none of them kills the process.
#pragma once

#include <initializer_list>
#include <vector>

#include "runtime/uv/callback.h"

namespace sojourn::uv {

class Loop;

class Signals {
 public:
  // `on_signal` is given the number of the one that arrived.
  Signals(Loop& loop, std::initializer_list<int> numbers, Callback<void(int)> on_signal);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct Handle;
  Callback<void(int)> on_signal_;
  std::vector<Handle*> handles_;  // closed by the destructor, freed by the loop
};

// SIGTERM and SIGINT.
class StopSignals : public Signals {
 public:
  StopSignals(Loop& loop, Callback<void(int)> on_signal);
};

}  // namespace sojourn::uv
