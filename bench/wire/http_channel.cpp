#include "bench/wire/http_channel.h"

#include <charconv>
#include <fmt/core.h>
#include <optional>

#include "base/check.h"
#include "bench/wire/clock.h"

namespace sojourn::bench {

HttpChannel::HttpChannel(Poller& poller, ChannelOwner& owner, std::size_t number)
    : poller_(poller), owner_(owner), number_(number) {}

base::Status HttpChannel::connect(std::uint16_t port) {
  auto socket = connect_to_loopback(port);
  if (!socket) return tl::unexpected(socket.error());
  socket_ = std::move(*socket);
  open_ = true;
  poller_.add(socket_, this);
  return {};
}

void HttpChannel::send(std::string_view request) {
  SOJOURN_CHECK(open_ && out_.empty(), "a channel is open and carries one request at a time");
  out_ = request;
  write();
}

void HttpChannel::on_ready(bool readable, bool writable) {
  if (writable) write();
  if (readable && open_) read();
}

void HttpChannel::write() {
  if (write_to(socket_, out_) == Io::kClosed) return fail();
  const bool waiting = !out_.empty();
  if (waiting != wants_writable_) poller_.want_writable(socket_, this, waiting);
  wants_writable_ = waiting;
}

void HttpChannel::read() {
  if (in_.read_from(socket_) == Io::kClosed) return fail();
  HttpMessage response;
  switch (parse_http(in_.bytes(), response)) {
    case Parsed::kIncomplete:
      return;
    case Parsed::kMalformed:
      return fail();
    case Parsed::kComplete:
      owner_.on_response(number_, response);
      in_.consume(response.size);
  }
}

void HttpChannel::fail() {
  poller_.remove(socket_);
  socket_.close();
  open_ = false;
  owner_.on_broken(number_);
}

namespace {

struct OneAnswer : ChannelOwner {
  void on_response(std::size_t, const HttpMessage& response) override {
    const auto text = response.second_word;
    int status = 0;
    std::from_chars(text.data(), text.data() + text.size(), status);
    reply = HttpReply{status, std::string(response.body)};
  }
  void on_broken(std::size_t) override { broken = true; }

  std::optional<HttpReply> reply;
  bool broken = false;
};

}  // namespace

base::Result<HttpReply> http_exchange(std::uint16_t port, std::string_view request,
                                      int timeout_ms) {
  Poller poller;
  OneAnswer answer;
  HttpChannel channel(poller, answer, 0);
  if (auto connected = channel.connect(port); !connected) {
    return tl::unexpected(connected.error());
  }
  channel.send(request);
  const std::int64_t deadline = monotonic_micros() + std::int64_t{timeout_ms} * 1000;
  while (!answer.reply && !answer.broken && monotonic_micros() < deadline) poller.turn(10);
  if (answer.reply) return *answer.reply;
  return base::failure(base::Error::Kind::kUnavailable,
                       fmt::format("no answer from 127.0.0.1:{}: {}", port,
                                   answer.broken ? "the connection broke" : "it took too long"));
}

}  // namespace sojourn::bench
