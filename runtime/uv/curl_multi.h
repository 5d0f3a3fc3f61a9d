// libcurl's multi handle driven by a loop: curl says which sockets and times it
// waits for, libuv tells it when they are due. Internal to the client; loop thread
// only.
//
// Curl drops its interest in a socket after each answer and takes it up again with
// the next request. Telling epoll each time costs three system calls a request, so a
// connection's socket stays watched until it is closed or becomes ready unasked.
#pragma once

#include <cstddef>
#include <curl/curl.h>
#include <unordered_map>
#include <vector>

#include "runtime/uv/callback.h"
#include "runtime/uv/timer.h"

namespace sojourn::uv {

class Loop;

class CurlMulti {
 public:
  // `on_done` gets each finished handle, already removed, from a socket's or timer's
  // turn: never from within `add` or `drive`.
  CurlMulti(Loop& loop, std::size_t max_connections, Callback<void(CURL*, CURLcode)> on_done);
  // Every handle has been removed.
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  // Lets this object see the sockets of the handle's connections; once per handle.
  // `gate` outlives the handle.
  struct Gate;
  void adopt(CURL* easy, Gate& gate);
  void add(CURL* easy);
  void remove(CURL* easy);
  // Starts what was added since the last call. Call before the loop waits.
  void drive();

 private:
  struct Watch;

  static int on_socket(CURL* easy, curl_socket_t fd, int what, void* self, void* watch);
  static int on_timer(CURLM* multi, long timeout_millis, void* self);
  static curl_socket_t on_open(void* gate, curlsocktype purpose, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t fd);

  Watch& watch_of(curl_socket_t fd);
  void set_wanted(Watch& watch, int events);
  void drop(curl_socket_t fd);
  void on_ready(Watch& watch, int status, int events);
  void act(curl_socket_t fd, int flags);
  void report_done();

  Callback<void(CURL*, CURLcode)> on_done_;
  Loop& loop_;
  CURLM* multi_;
  Timer timer_;         // what curl asked for
  Timer report_timer_;  // for handles that finished inside `drive`
  bool due_now_ = false;
  int handles_ = 0;  // in the multi
  std::unordered_map<curl_socket_t, Watch*> watches_;
};

// Stands before every connection that a handle opens: the address is the one that the
// connection goes to, whatever a name resolved to before.
struct CurlMulti::Gate {
  bool public_addresses_only = false;
  bool refused = false;        // one was; the handle's owner takes it back
  CurlMulti* owner = nullptr;  // set by `adopt`
};

}  // namespace sojourn::uv
