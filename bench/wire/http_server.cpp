#include "bench/wire/http_server.h"

#include <algorithm>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace sojourn::bench {

class HttpServer::Client : public Watcher {
 public:
  Client(HttpServer& server, Socket socket) : server_(server), socket_(std::move(socket)) {
    server_.poller_.add(socket_, this);
  }

  void on_ready(bool readable, bool) override {
    touch();
    if (readable) read_requests();
  }

  void flush() {
    touched_ = false;
    if (open_ && write_to(socket_, out_) == Io::kClosed) close();
    if (!open_) return;
    if (last_answer_ && out_.empty()) return close();
    const bool waiting = !out_.empty();
    if (waiting != wants_writable_) server_.poller_.want_writable(socket_, this, waiting);
    wants_writable_ = waiting;
  }

  bool open() const { return open_; }

 private:
  void touch() {
    if (!touched_) server_.touched_.push_back(this);
    touched_ = true;
  }

  void read_requests() {
    if (in_.read_from(socket_) == Io::kClosed) return close();
    HttpMessage request;
    Parsed parsed = Parsed::kComplete;
    while (!last_answer_ && (parsed = parse_http(in_.bytes(), request)) == Parsed::kComplete) {
      if (request.first_word == "POST") count_as_sender();
      server_.handler_(request, out_);
      last_answer_ = request.close_after;
      in_.consume(request.size);
    }
    if (parsed == Parsed::kMalformed) {
      append_response(out_, "400 Bad Request", R"({"msg":"malformed HTTP","code":"BadParams"})");
      last_answer_ = true;
    }
  }

  void count_as_sender() {
    if (has_sent_) return;
    has_sent_ = true;
    server_.most_senders_ = std::max(server_.most_senders_, ++server_.senders_);
  }

  void close() {
    if (has_sent_) --server_.senders_;
    server_.poller_.remove(socket_);
    socket_.close();
    open_ = false;
  }

  HttpServer& server_;
  Socket socket_;
  InBuffer in_;
  std::string out_;
  bool open_ = true;
  bool touched_ = false;
  bool last_answer_ = false;
  bool has_sent_ = false;
  bool wants_writable_ = false;
};

HttpServer::HttpServer(Poller& poller, Handler handler)
    : poller_(poller), handler_(std::move(handler)) {}

HttpServer::~HttpServer() = default;

base::Status HttpServer::listen(std::uint16_t port) {
  auto socket = listen_on_loopback(port);
  if (!socket) return tl::unexpected(socket.error());
  auto bound = bound_port(*socket);
  if (!bound) return tl::unexpected(bound.error());
  socket_ = std::move(*socket);
  port_ = *bound;
  poller_.add(socket_, this);
  return {};
}

void HttpServer::on_ready(bool, bool) {
  for (;;) {
    Socket socket(accept4(socket_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.fd() < 0) return;
    const int on = 1;
    setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    clients_.push_back(std::make_unique<Client>(*this, std::move(socket)));
  }
}

void HttpServer::flush() {
  bool any_closed = false;
  for (Client* client : touched_) {
    client->flush();
    any_closed = any_closed || !client->open();
  }
  touched_.clear();
  if (any_closed) std::erase_if(clients_, [](const auto& client) { return !client->open(); });
}

}  // namespace sojourn::bench
