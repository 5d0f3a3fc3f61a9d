#include "runtime/uv/signals.h"

#include <csignal>
#include <uv.h>

#include "base/check.h"
#include "runtime/uv/loop.h"

namespace sojourn::uv {

struct StopSignals::Handle {
  uv_signal_t signal{};
};

StopSignals::StopSignals(Loop& loop, Callback<void(int)> on_signal)
    : on_signal_(std::move(on_signal)), handles_{new Handle, new Handle} {
  constexpr std::array<int, 2> kSignals{SIGTERM, SIGINT};
  for (std::size_t i = 0; i < handles_.size(); ++i) {
    uv_signal_t* signal = &handles_[i]->signal;
    uv_signal_init(loop.handle(), signal);
    signal->data = this;
    const int started = uv_signal_start(
        signal,
        [](uv_signal_t* caught, int number) {
          static_cast<StopSignals*>(caught->data)->on_signal_(number);
        },
        kSignals[i]);
    SOJOURN_CHECK(started == 0, "the system lets us watch SIGTERM and SIGINT");
    uv_unref(reinterpret_cast<uv_handle_t*>(signal));
  }
}

StopSignals::~StopSignals() {
  for (Handle* handle : handles_) {
    uv_signal_stop(&handle->signal);
    handle->signal.data = handle;
    uv_close(reinterpret_cast<uv_handle_t*>(&handle->signal),
             [](uv_handle_t* closed) { delete static_cast<Handle*>(closed->data); });
  }
}

}  // namespace sojourn::uv
