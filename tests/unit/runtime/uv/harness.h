// What the tests of this folder share: a loop on a thread of its own, a server on
// it, and a plain blocking socket to talk to it with.
#pragma once

#include <functional>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

#include "runtime/uv/http_server.h"
#include "runtime/uv/loop.h"

namespace sojourn::uv {

class LoopThread {
 public:
  LoopThread() : thread_([this] { loop_.run(); }) {}
  ~LoopThread() {
    loop_.stop();
    thread_.join();
  }

  Loop& loop() { return loop_; }

  // Runs `f` on the loop's thread and returns what it returns.
  template <typename F>
  auto call(F f) {
    std::promise<std::invoke_result_t<F>> result;
    loop_.post([&] {
      if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
        f();
        result.set_value();
      } else {
        result.set_value(f());
      }
    });
    return result.get_future().get();
  }

 private:
  Loop loop_;
  std::thread thread_;
};

// Answers 200 with what it saw: "POST /a/b?c [body]".
void answer_with_what_was_seen(HttpRequest&& request, Responder responder);

class TestServer {
 public:
  using Handler = std::function<void(HttpRequest&&, Responder)>;
  explicit TestServer(HttpServerOptions options = {}, Handler handler = answer_with_what_was_seen);
  ~TestServer();

  int port() const { return port_; }
  LoopThread& thread() { return thread_; }
  HttpServerStats stats();
  // To be used on the loop's thread; null once `destroy` was called.
  HttpServer* server() { return server_.get(); }
  void destroy();
  // Blocks until the graceful close is done.
  void close();

 private:
  LoopThread thread_;
  std::unique_ptr<HttpServer> server_;
  int port_ = 0;
};

// A blocking socket. Waiting for more than twenty seconds ends the test program.
class Peer {
 public:
  explicit Peer(int port);
  explicit Peer(const std::string& unix_path);
  // Takes over a connected socket.
  static Peer adopt(int fd) { return Peer(Adopted{fd}); }
  ~Peer();
  Peer(Peer&& other) noexcept;
  Peer& operator=(Peer&&) = delete;

  void send(std::string_view bytes);
  void half_close();
  // The connection ends with a reset instead of an orderly close.
  void reset();
  // Up to the end of the connection, orderly or not.
  std::string read_all();
  // One response (or request): its head and as much body as Content-Length says.
  std::string read_message();
  bool at_end();
  int descriptor() const { return fd_; }

 private:
  struct Adopted {
    int fd;
  };
  explicit Peer(Adopted adopted);
  bool receive();

  int fd_ = -1;
  std::string unread_;
};

// A socket that listens on loopback, for tests that play the server by hand.
class HandServer {
 public:
  HandServer();
  ~HandServer();
  int port() const { return port_; }
  Peer accept();
  // From now on connecting is refused.
  void close();

 private:
  int fd_ = -1;
  int port_ = 0;
};

// "200 GET / [] | 400 no Host header": each response's status and body.
std::string summary(std::string_view responses);

}  // namespace sojourn::uv
