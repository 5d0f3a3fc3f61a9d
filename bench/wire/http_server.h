// A listening socket and its clients. Each complete request goes to the handler,
// which appends the answer to the client's text. No byte of an answer leaves
// before `flush()`: so a caller that commits between `Poller::turn` and `flush`
// has answered nothing that is not durable. One thread; the poller outlives it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/wire/http_message.h"
#include "bench/wire/poller.h"

namespace sojourn::bench {

class HttpServer : public Watcher {
 public:
  using Handler = std::function<void(const HttpMessage& request, std::string& answer)>;

  HttpServer(Poller& poller, Handler handler);
  ~HttpServer() override;
  base::Status listen(std::uint16_t port);
  std::uint16_t port() const { return port_; }
  // The most connections that were open at once of those on which a POST has come.
  std::size_t most_senders() const { return most_senders_; }

  // Writes what was answered since the last call, and forgets closed clients.
  void flush();

  void on_ready(bool readable, bool writable) override;

 private:
  class Client;

  Poller& poller_;
  Handler handler_;
  Socket socket_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Client*> touched_;
  std::size_t senders_ = 0;
  std::size_t most_senders_ = 0;
};

}  // namespace sojourn::bench
