// One event loop and the thread that runs it: everything in runtime/uv belongs to
// a loop and is used on its thread only, `post` and `stop` excepted. The loop
// outlives whatever was made on it; its destructor checks that. Making a loop
// ignores SIGPIPE in the whole process: a peer that hung up is an error code here.
#pragma once

#include <cstdint>
#include <memory>

#include "runtime/uv/callback.h"

struct uv_loop_s;

namespace sojourn::uv {

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs on the calling thread, which becomes the loop's thread, until `stop`.
  void run();

  // From any thread: `run` returns after the tasks posted before this call.
  void stop();

  // From any thread: `task` runs on the loop's thread, after earlier ones. Never
  // lost while the loop runs, so the queue has no limit of its own: every poster
  // must bound what it has under way. At most kTasksPerTurn run before sockets
  // and timers get their turn. Tasks left when the loop dies are destroyed unrun.
  void post(Callback<void()> task);
  static constexpr int kTasksPerTurn = 1024;

  // Milliseconds on the monotonic clock when this turn of the loop began.
  std::int64_t now_monotonic() const;

  uv_loop_s* handle();

 private:
  struct Inbox;
  std::unique_ptr<Inbox> inbox_;
};

// Calls `before_poll` once per turn of the loop, just before it waits for sockets:
// where work gathered during the turn goes out in one piece. Does not keep the
// loop awake.
class BeforePoll {
 public:
  BeforePoll(Loop& loop, Callback<void()> before_poll);
  ~BeforePoll();
  BeforePoll(const BeforePoll&) = delete;
  BeforePoll& operator=(const BeforePoll&) = delete;

 private:
  struct Handle;
  Handle* handle_;  // closed by the destructor, freed by the loop
};

}  // namespace sojourn::uv
