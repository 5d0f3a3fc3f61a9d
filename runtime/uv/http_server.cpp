#include "runtime/uv/http_server.h"

#include <algorithm>

#include "base/check.h"
#include "runtime/uv/http_connection.h"
#include "runtime/uv/listener.h"
#include "runtime/uv/loop.h"
#include "runtime/uv/timer.h"

namespace sojourn::uv {

Responder::Responder(std::shared_ptr<Connection> connection, std::uint64_t request_number)
    : connection_(std::move(connection)), request_number_(request_number) {}

Responder::~Responder() {
  if (!connection_) return;
  HttpResponse response;
  response.status = 500;
  response.content_type = "text/plain";
  response.body = "the request was not answered\n";
  answer(response);
}

Responder& Responder::operator=(Responder&& other) noexcept {
  Responder old(std::move(*this));
  connection_ = std::move(other.connection_);
  request_number_ = other.request_number_;
  return *this;
}

void Responder::answer(const HttpResponse& response) {
  SOJOURN_CHECK(connection_ != nullptr, "a request is answered once");
  std::exchange(connection_, nullptr)->answer(request_number_, response);
}

void Responder::reset() {
  SOJOURN_CHECK(connection_ != nullptr, "a request is answered once");
  std::exchange(connection_, nullptr)->close();
}

void Responder::let_in() {
  if (connection_) connection_->let_in();
}

bool Responder::wanted() const {
  return connection_ && connection_->is_open();
}

class HttpServer::Impl {
 public:
  Impl(Loop& loop, HttpServerOptions options, HttpHandlers handlers)
      : core_{loop, options, std::move(handlers)},
        before_poll_(loop, [this] { flush_dirty(); }),
        sweep_timer_(loop, [this] { sweep(); }) {
    core_.on_closed = [this] { report_if_closed(); };
  }

  ~Impl() {
    done_ = {};
    listeners_.clear();
    for (OpenConnections::Line& line : core_.open.lines) {
      while (!line.empty()) line.back()->close();
    }
  }

  // A new listener, owned by the server; `drop_last_listener` when it fails to listen.
  Listener& add_listener() {
    SOJOURN_CHECK(!core_.closing, "a closing server is not told to listen");
    listeners_.push_back(std::make_unique<Listener>(
        core_.loop, [this](Listener& listener) { take_connection(listener); }));
    return *listeners_.back();
  }
  void drop_last_listener() { listeners_.pop_back(); }

  void close(Callback<void()> done) {
    SOJOURN_CHECK(!core_.closing, "a server is closed once");
    core_.closing = true;
    done_ = std::move(done);
    listeners_.clear();
    for (const OpenConnections::Line& line : core_.open.lines) {
      for (const std::shared_ptr<Connection>& connection : line) connection->begin_close();
    }
    report_if_closed();
  }

  HttpServerStats stats() const {
    HttpServerStats stats = core_.stats;
    stats.open_connections = core_.open.count;
    stats.unfinished_bytes = core_.unfinished_bytes;
    return stats;
  }

 private:
  void take_connection(Listener& listener) {
    auto connection = std::make_shared<Connection>(core_, listener.is_unix());
    if (make_room()) {
      ++core_.stats.accepted_connections;
      connection->accept(listener.stream());
    } else {
      ++core_.stats.turned_away_connections;
      connection->turn_away(listener.stream());
    }
    if (!sweep_timer_.running()) sweep_timer_.start(sweep_period());
  }

  // Whoever keeps us waiting longest gives way to whoever comes, strangers before those who were
  // let in: those who hold connections and say nothing keep nobody out.
  bool make_room() {
    if (core_.open.count < core_.options.max_connections) return true;
    const std::shared_ptr<Connection> first = core_.open.first_to_go();
    if (first == nullptr) return false;
    ++core_.stats.displaced_connections;
    first->close();
    return true;
  }

  // Reading on after a flush may produce more answers, but never from more bytes
  // than one read brought.
  void flush_dirty() {
    while (!core_.dirty.empty()) {
      std::vector<std::shared_ptr<Connection>> batch;
      batch.swap(core_.dirty);
      for (const std::shared_ptr<Connection>& connection : batch) connection->flush();
      if (core_.dirty.empty()) {
        batch.clear();
        core_.dirty.swap(batch);  // its memory serves the next turn
      }
    }
  }

  // Timeouts need no timer each: they are noticed up to a quarter late.
  base::Millis sweep_period() const {
    const HttpServerOptions& o = core_.options;
    const base::Millis shortest =
        std::min({o.idle_timeout, o.head_timeout, o.body_timeout, o.write_timeout});
    return base::Millis{std::clamp<std::int64_t>(shortest.count / 4, 5, 1000)};
  }

  void sweep() {
    const std::int64_t now = core_.loop.now_monotonic();
    std::vector<std::shared_ptr<Connection>> late;
    for (const OpenConnections::Line& line : core_.open.lines) {
      for (const std::shared_ptr<Connection>& connection : line) {
        if (!connection->is_over_deadline(now)) break;
        late.push_back(connection);
      }
    }
    for (const std::shared_ptr<Connection>& connection : late) connection->check_deadline(now);
    if (core_.open.count > 0) sweep_timer_.start(sweep_period());
  }

  void report_if_closed() {
    if (!core_.closing || core_.open.count > 0 || !done_) return;
    core_.loop.post(std::exchange(done_, {}));
  }

  ServerCore core_;
  BeforePoll before_poll_;
  Timer sweep_timer_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  Callback<void()> done_;
};

HttpServer::HttpServer(Loop& loop, HttpServerOptions options, HttpHandlers handlers)
    : impl_(std::make_unique<Impl>(loop, options, std::move(handlers))) {}

HttpServer::~HttpServer() = default;

base::Result<int> HttpServer::listen_tcp(const std::string& host, int port) {
  base::Result<int> bound = impl_->add_listener().listen_tcp(host, port);
  if (!bound) impl_->drop_last_listener();
  return bound;
}

base::Status HttpServer::listen_unix(const std::string& path) {
  base::Status listening = impl_->add_listener().listen_unix(path);
  if (!listening) impl_->drop_last_listener();
  return listening;
}

void HttpServer::close(Callback<void()> done) {
  impl_->close(std::move(done));
}

HttpServerStats HttpServer::stats() const {
  return impl_->stats();
}

}  // namespace sojourn::uv
