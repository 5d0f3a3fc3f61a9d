// One epoll set, level-triggered, for one thread. A `Watcher` is told when its
// descriptor is ready; it must outlive its place in the set, and it may remove
// itself, but no other watcher, while it is being told.
#pragma once

#include <cstdint>
#include <sys/epoll.h>
#include <vector>

#include "bench/wire/socket.h"

namespace sojourn::bench {

class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_ready(bool readable, bool writable) = 0;
};

class Poller {
 public:
  Poller();

  void add(const Socket& socket, Watcher* watcher);
  // Whether the watcher also wants to know when it may write.
  void want_writable(const Socket& socket, Watcher* watcher, bool wanted);
  void remove(const Socket& socket);

  // Waits for at most `timeout_ms` (-1: for ever) until something is ready.
  void wait(int timeout_ms);
  // Tells every watcher that was ready, once.
  void tell();
  void turn(int timeout_ms) {
    wait(timeout_ms);
    tell();
  }

 private:
  Socket epoll_;
  std::vector<epoll_event> ready_;
  int ready_count_ = 0;
};

// SIGTERM and SIGINT as a question: the process is not interrupted, `asked()`
// becomes true within a turn. Make it before any thread is started.
class StopSignal : public Watcher {
 public:
  explicit StopSignal(Poller& poller);
  bool asked() const { return asked_; }
  void on_ready(bool readable, bool writable) override;

 private:
  Socket signals_;
  bool asked_ = false;
};

}  // namespace sojourn::bench
