#include "runtime/uv/loop.h"

#include <csignal>
#include <deque>
#include <mutex>
#include <uv.h>

#include "base/check.h"

namespace sojourn::uv {

struct Loop::Inbox {
  uv_loop_t loop{};
  uv_async_t wake_up{};
  std::mutex mutex;
  std::deque<Callback<void()>> tasks;  // guarded by mutex

  // Null when there is none.
  Callback<void()> take() {
    const std::lock_guard lock(mutex);
    if (tasks.empty()) return {};
    Callback<void()> task = std::move(tasks.front());
    tasks.pop_front();
    return task;
  }

  void run_some() {
    for (int i = 0; i < kTasksPerTurn; ++i) {
      Callback<void()> task = take();
      if (!task) return;
      task();
    }
    uv_async_send(&wake_up);
  }
};

Loop::Loop() : inbox_(std::make_unique<Inbox>()) {
  std::signal(SIGPIPE, SIG_IGN);
  SOJOURN_CHECK(uv_loop_init(&inbox_->loop) == 0, "the system can make an event loop");
  const int made = uv_async_init(&inbox_->loop, &inbox_->wake_up, [](uv_async_t* async) {
    static_cast<Inbox*>(async->data)->run_some();
  });
  SOJOURN_CHECK(made == 0, "the system can make a wake-up descriptor");
  inbox_->wake_up.data = inbox_.get();
}

Loop::~Loop() {
  // Tasks may own timers, or post again, when they are destroyed.
  while (inbox_->take()) {
  }
  uv_close(reinterpret_cast<uv_handle_t*>(&inbox_->wake_up), nullptr);
  uv_walk(
      &inbox_->loop,
      [](uv_handle_t* handle, void*) {
        SOJOURN_CHECK(uv_is_closing(handle), "a loop outlives what was made on it");
      },
      nullptr);
  uv_run(&inbox_->loop, UV_RUN_DEFAULT);
  SOJOURN_CHECK(uv_loop_close(&inbox_->loop) == 0, "closed handles leave the loop");
}

void Loop::run() {
  uv_run(&inbox_->loop, UV_RUN_DEFAULT);
  // What the last turn gathered for BeforePoll still goes out.
  uv_run(&inbox_->loop, UV_RUN_NOWAIT);
}

void Loop::stop() {
  post([this] { uv_stop(&inbox_->loop); });
}

void Loop::post(Callback<void()> task) {
  {
    const std::lock_guard lock(inbox_->mutex);
    inbox_->tasks.push_back(std::move(task));
  }
  uv_async_send(&inbox_->wake_up);
}

std::int64_t Loop::now_monotonic() const {
  return static_cast<std::int64_t>(uv_now(&inbox_->loop));
}

uv_loop_s* Loop::handle() {
  return &inbox_->loop;
}

struct BeforePoll::Handle {
  uv_prepare_t prepare{};
  Callback<void()> before_poll;
};

BeforePoll::BeforePoll(Loop& loop, Callback<void()> before_poll) : handle_(new Handle) {
  handle_->before_poll = std::move(before_poll);
  uv_prepare_init(loop.handle(), &handle_->prepare);
  handle_->prepare.data = handle_;
  uv_prepare_start(&handle_->prepare, [](uv_prepare_t* prepare) {
    static_cast<Handle*>(prepare->data)->before_poll();
  });
  uv_unref(reinterpret_cast<uv_handle_t*>(&handle_->prepare));
}

BeforePoll::~BeforePoll() {
  uv_prepare_stop(&handle_->prepare);
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->prepare),
           [](uv_handle_t* handle) { delete static_cast<Handle*>(handle->data); });
}

}  // namespace sojourn::uv
