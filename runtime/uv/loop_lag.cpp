#include "runtime/uv/loop_lag.h"

#include <algorithm>
#include <utility>

#include "runtime/uv/loop.h"

namespace sojourn::uv {

LoopLag::LoopLag(Loop& loop, Callback<void(base::Millis)> measured, base::Millis every)
    : loop_(loop), measured_(std::move(measured)), every_(every), timer_(loop, [this] {
        const base::Millis late{std::max<std::int64_t>(0, loop_.now_monotonic() - due_)};
        begin();
        measured_(late);
      }) {
  begin();
}

void LoopLag::begin() {
  timer_.start(every_);
  due_ = loop_.now_monotonic() + every_.count;
}

}  // namespace sojourn::uv
