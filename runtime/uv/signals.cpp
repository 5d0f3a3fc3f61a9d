#include "runtime/uv/signals.h"

#include <csignal>
#include <uv.h>

#include "base/check.h"
#include "runtime/uv/loop.h"

namespace sojourn::uv {

struct Signals::Handle {
  uv_signal_t signal{};
};

Signals::Signals(Loop& loop, std::initializer_list<int> numbers, Callback<void(int)> on_signal)
    : on_signal_(std::move(on_signal)) {
  for (const int number : numbers) {
    uv_signal_t* signal = &handles_.emplace_back(new Handle)->signal;
    uv_signal_init(loop.handle(), signal);
    signal->data = this;
    const int started = uv_signal_start(
        signal,
        [](uv_signal_t* caught, int caught_number) {
          static_cast<Signals*>(caught->data)->on_signal_(caught_number);
        },
        number);
    SOJOURN_CHECK(started == 0, "the system lets us watch the signal");
    uv_unref(reinterpret_cast<uv_handle_t*>(signal));
  }
}

Signals::~Signals() {
  for (Handle* handle : handles_) {
    uv_signal_stop(&handle->signal);
    handle->signal.data = handle;
    uv_close(reinterpret_cast<uv_handle_t*>(&handle->signal),
             [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
  }
}

StopSignals::StopSignals(Loop& loop, Callback<void(int)> on_signal)
    : Signals(loop, {SIGTERM, SIGINT}, std::move(on_signal)) {}

}  // namespace sojourn::uv
