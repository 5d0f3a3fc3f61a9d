// A kept client connection on loopback with one request under way at a time.
// The owner learns each response, or that the connection broke, through its
// `ChannelOwner`. One thread; the poller and the owner outlive the channel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "bench/wire/http_message.h"
#include "bench/wire/poller.h"

namespace sojourn::bench {

class ChannelOwner {
 public:
  virtual ~ChannelOwner() = default;
  virtual void on_response(std::size_t channel, const HttpMessage& response) = 0;
  // The connection ended; a request under way has an unknown outcome.
  virtual void on_broken(std::size_t channel) = 0;
};

class HttpChannel : public Watcher {
 public:
  // `number` is what the owner calls this channel.
  HttpChannel(Poller& poller, ChannelOwner& owner, std::size_t number);
  base::Status connect(std::uint16_t port);

  // `request` is a whole HTTP request. Only when no other is under way.
  void send(std::string_view request);

  void on_ready(bool readable, bool writable) override;

 private:
  void write();
  void read();
  void fail();

  Poller& poller_;
  ChannelOwner& owner_;
  std::size_t number_;
  Socket socket_;
  InBuffer in_;
  std::string out_;
  bool open_ = false;
  bool wants_writable_ = false;
};

struct HttpReply {
  int status = 0;
  std::string body;
};

// One request on a connection of its own; waits for the answer for at most
// `timeout_ms`. For drivers and tests, not for measuring.
base::Result<HttpReply> http_exchange(std::uint16_t port, std::string_view request,
                                      int timeout_ms = 10'000);

}  // namespace sojourn::bench
