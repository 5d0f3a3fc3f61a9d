// A service of one's own, as journeys ask it by webhook: a server on loopback that
// remembers what it was asked, and answers, refuses or keeps silent as a test says. Its
// sockets live on a thread of its own; everything here may be called from the test's.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "runtime/uv/http_server.h"
#include "runtime/uv/loop.h"

namespace sojourn::e2e {

class Service {
 public:
  struct Seen {
    std::string method;
    std::string path;
    std::string body;
    std::string key;            // Idempotency-Key
    std::string authorization;  // empty when it did not come
  };

  // Answers with 200 and `{}` until it is told otherwise.
  Service();
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  int port() const { return port_; }
  // From now on.
  void answer(uv::HttpResponse response);
  // From now on keeps what comes, without a word.
  void hold();
  // Answers everything that is held, then as `answer` says.
  void release(const uv::HttpResponse& response);

  std::vector<Seen> seen();
  // Waits until so many requests have come.
  bool wait_for(std::size_t count);

 private:
  void take(uv::HttpRequest&& request, uv::Responder responder);
  template <typename Task>
  void on_loop(Task task);

  uv::Loop loop_;
  std::unique_ptr<uv::HttpServer> server_;    // loop's thread
  std::optional<uv::HttpResponse> response_;  // loop's thread; nothing: hold
  std::vector<uv::Responder> held_;           // loop's thread
  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Seen> seen_;
  std::thread thread_;
};

}  // namespace sojourn::e2e
