#include "runtime/uv/timer.h"

#include <algorithm>
#include <uv.h>

#include "runtime/uv/loop.h"

namespace sojourn::uv {

struct Timer::Handle {
  uv_timer_t timer{};
  Callback<void()> on_due;
};

Timer::Timer(Loop& loop, Callback<void()> on_due) : handle_(new Handle) {
  handle_->on_due = std::move(on_due);
  uv_timer_init(loop.handle(), &handle_->timer);
  handle_->timer.data = handle_;
}

Timer::~Timer() {
  uv_timer_stop(&handle_->timer);
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->timer),
           [](uv_handle_t* handle) { delete static_cast<Handle*>(handle->data); });
}

void Timer::start(base::Millis delay) {
  // The loop's idea of now is as old as its turn; counting from it would be early.
  uv_update_time(handle_->timer.loop);
  uv_timer_start(
      &handle_->timer, [](uv_timer_t* timer) { static_cast<Handle*>(timer->data)->on_due(); },
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, delay.count)), 0);
}

void Timer::stop() {
  uv_timer_stop(&handle_->timer);
}

bool Timer::running() const {
  return uv_is_active(reinterpret_cast<const uv_handle_t*>(&handle_->timer)) != 0;
}

}  // namespace sojourn::uv
