#include "runtime/uv/http_connection.h"

#include <algorithm>
#include <fmt/format.h>
#include <sys/socket.h>

#include "base/check.h"
#include "runtime/uv/loop.h"

namespace sojourn::uv {
namespace {

// How long a connection whose input was refused stays half open, its input thrown
// away: closing at once would reset it, and the peer might never read why.
constexpr base::Millis kHangUpTime = base::seconds(2);

// Of answers that have not been given to the socket: with more of them nothing is parsed. An answer
// that is made within the handler leaves `exchanges_` at once, so those do not bound it.
constexpr std::size_t kMostUnsent = std::size_t{256} * 1024;

constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n"
    "Content-Length: 0\r\n\r\n";

bool has_body(int status) {
  return status != 204 && status != 304;
}

// A line break in a value would begin a header of its own.
void append_header_value(std::string& out, std::string_view value) {
  for (const char c : value) out.push_back(static_cast<unsigned char>(c) < ' ' ? ' ' : c);
}

void append_number(std::string& out, std::size_t number) {
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

}  // namespace

OpenConnections::Line::iterator OpenConnections::add(std::shared_ptr<Connection> connection) {
  ++count;
  Line& line = of({});
  return line.insert(line.end(), std::move(connection));
}

void OpenConnections::move(Line::iterator place, Kind from, Kind to) {
  of(to).splice(of(to).end(), of(from), place);
}

void OpenConnections::remove(Line::iterator place, Kind from) {
  of(from).erase(place);
  --count;
}

std::shared_ptr<Connection> OpenConnections::first_to_go() {
  auto stranger = longest_waited_for(false);
  return stranger == nullptr ? longest_waited_for(true) : stranger;
}

std::shared_ptr<Connection> OpenConnections::longest_waited_for(bool is_let_in) {
  std::shared_ptr<Connection> longest;
  for (std::size_t awaits = 1; awaits < kAwaitsCount; ++awaits) {
    const Line& line = of({static_cast<Awaits>(awaits), is_let_in});
    if (line.empty()) continue;
    const bool is_longer =
        longest == nullptr || line.front()->awaited_since() < longest->awaited_since();
    if (is_longer) longest = line.front();
  }
  return longest;
}

struct Connection::Write {
  uv_write_t request{};
  std::shared_ptr<Connection> connection;
  std::string bytes;
};

Connection::Connection(ServerCore& core, bool is_unix)
    : core_(&core),
      parser_(
          {core.options.max_head_bytes, core.options.max_headers, core.options.max_body_bytes}) {
  if (is_unix) {
    uv_pipe_init(core.loop.handle(), &uv_.pipe, 0);
  } else {
    uv_tcp_init(core.loop.handle(), &uv_.tcp);
  }
  uv_.handle.data = this;
}

void Connection::accept(uv_stream_t* listener) {
  if (uv_accept(listener, &uv_.stream) != 0) {
    close();
    return;
  }
  if (!is_known_user()) {
    close();
    return;
  }
  place_ = core_->open.add(shared_from_this());
  is_listed_ = true;
  if (uv_.handle.type == UV_TCP) uv_tcp_nodelay(&uv_.tcp, 1);
  start_reading();
  await();
}

// Whoever connected, as the kernel noted it then.
bool Connection::is_known_user() const {
  const auto& users = core_->options.unix_users;
  if (!users || uv_.handle.type != UV_NAMED_PIPE) return true;
  uv_os_fd_t fd = -1;
  ucred peer{};
  socklen_t size = sizeof peer;
  if (uv_fileno(&uv_.handle, &fd) != 0 ||
      getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return false;
  }
  return std::ranges::find(*users, peer.uid) != users->end();
}

void Connection::turn_away(uv_stream_t* listener) {
  if (uv_accept(listener, &uv_.stream) != 0) {
    close();
    return;
  }
  const uv_buf_t text = uv_buf_init(const_cast<char*>(kTooMany.data()), kTooMany.size());
  uv_try_write(&uv_.stream, &text, 1);
  close();
}

void Connection::start_reading() {
  if (reading_) return;
  reading_ = true;
  uv_read_start(
      &uv_.stream,
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        ServerCore* core = static_cast<Connection*>(handle->data)->core_;
        *buffer =
            uv_buf_init(core->read_buffer.data(), static_cast<unsigned>(core->read_buffer.size()));
      },
      on_read);
}

void Connection::stop_reading() {
  if (!reading_) return;
  reading_ = false;
  uv_read_stop(&uv_.stream);
}

void Connection::on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  const std::shared_ptr<Connection> self =
      static_cast<Connection*>(stream->data)->shared_from_this();
  if (size > 0) {
    self->received({buffer->base, static_cast<std::size_t>(size)});
  } else if (size == UV_EOF && !self->hanging_up_) {
    // The peer may still be reading: what it asked for is answered.
    self->stop_reading();
    self->last_request_seen_ = true;
    self->mark_dirty();
  } else if (size < 0) {
    self->close();
  }
}

void Connection::received(std::string_view bytes) {
  if (refused_) return;
  if (last_request_seen_) {
    stop_reading();
    return;
  }
  parse(bytes);
  if (is_open()) await();
}

bool Connection::may_parse() const {
  return is_open() && !last_request_seen_ && !writing_ && out_.size() < kMostUnsent &&
         exchanges_.size() < core_->options.max_pipelined;
}

// What cannot be parsed yet is kept, and reading stops: at most one read's worth.
void Connection::parse(std::string_view bytes) {
  while (!bytes.empty() && may_parse()) {
    const RequestParser::Progress progress = parser_.feed(bytes);
    if (progress == RequestParser::Progress::kComplete) dispatch();
    if (progress == RequestParser::Progress::kRefused) refuse();
    if (progress == RequestParser::Progress::kNeedsMore &&
        parser_.phase() == RequestParser::Phase::kBody) {
      look_at_unfinished();
      if (!refused_ && parser_.expects_continue()) send_continue();
    }
  }
  if (!is_open() || last_request_seen_ || bytes.empty()) return;
  unparsed_.assign(bytes);
  stop_reading();
}

void Connection::look_at_unfinished() {
  count_unfinished(parser_.request().body().size());
  if (core_->unfinished_bytes > core_->options.max_unfinished_bytes) {
    HttpResponse response;
    response.status = 503;
    response.content_type = "text/plain";
    response.body = "too many bodies are on their way\n";
    response.headers.push_back({"Retry-After", "1"});
    refuse_with(response);
    return;
  }
  if (was_looked_at_ || !core_->handlers.before_body) return;
  was_looked_at_ = true;
  const auto refusal = core_->handlers.before_body(parser_.request());
  if (refusal) return refuse_with(*refusal);
  let_in();
}

void Connection::count_unfinished(std::size_t bytes) {
  core_->unfinished_bytes += bytes - unfinished_bytes_;
  unfinished_bytes_ = bytes;
}

void Connection::dispatch() {
  count_unfinished(0);
  was_looked_at_ = false;
  Exchange& exchange = exchanges_.emplace_back();
  exchange.head_only = parser_.request().method() == "HEAD";
  exchange.keep_alive = parser_.keep_alive();
  exchange.is_http_1_0 = parser_.is_http_1_0();
  if (!exchange.keep_alive) last_request_seen_ = true;
  ++core_->stats.requests;
  const std::uint64_t number = first_number_ + exchanges_.size() - 1;
  core_->handlers.request(std::move(parser_.request()), Responder(shared_from_this(), number));
  parser_.next();
}

void Connection::refuse() {
  const Refusal& refusal = parser_.refusal();
  HttpResponse response;
  if (refusal.status == 413 && core_->handlers.body_too_large) {
    response = core_->handlers.body_too_large(parser_.request());
  } else {
    response.status = refusal.status;
    response.content_type = "text/plain";
    response.body = fmt::format("{}\n", refusal.reason);
  }
  refuse_with(response);
}

void Connection::refuse_with(const HttpResponse& response) {
  ++core_->stats.refused_requests;
  last_request_seen_ = refused_ = true;
  count_unfinished(0);
  parser_.request().body() = std::string();
  Exchange& exchange = exchanges_.emplace_back();
  exchange.keep_alive = false;
  answer(first_number_ + exchanges_.size() - 1, response);
}

// Only when it cannot be taken for part of an earlier answer; a client that gets
// none sends its body after a moment all the same.
void Connection::send_continue() {
  parser_.clear_expects_continue();
  if (!exchanges_.empty()) return;
  out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  mark_dirty();
}

void Connection::answer(std::uint64_t request_number, const HttpResponse& response) {
  if (!is_open()) return;
  SOJOURN_CHECK(
      request_number >= first_number_ && request_number - first_number_ < exchanges_.size(),
      "a request is answered once, after it was given to the handler");
  Exchange& exchange = exchanges_[request_number - first_number_];
  SOJOURN_CHECK(!exchange.answered, "a request is answered once");
  const bool is_first = request_number == first_number_;
  exchange.answered = true;
  if (core_->closing && &exchange == &exchanges_.back()) exchange.keep_alive = false;
  append_answer(is_first ? out_ : exchange.bytes, exchange, response);
  if (!is_first) return;
  release_answers();
  mark_dirty();
}

void Connection::append_answer(std::string& out, const Exchange& exchange,
                               const HttpResponse& response) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(response.status));
  out += ' ';
  out += status_text(response.status);
  const bool with_body = has_body(response.status);
  if (with_body) {
    out += "\r\nContent-Type: ";
    out += response.content_type;
    out += "\r\nContent-Length: ";
    append_number(out, response.body.size());
  }
  out += "\r\n";
  for (const HttpHeader& header : response.headers) {
    out += header.name;
    out += ": ";
    append_header_value(out, header.value);
    out += "\r\n";
  }
  if (!exchange.keep_alive) {
    out += "Connection: close\r\n";
  } else if (exchange.is_http_1_0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
  if (with_body && !exchange.head_only) out += response.body;
}

// The first exchange has been answered into `out_`: it leaves, and with it those
// behind it that were answered before their turn.
void Connection::release_answers() {
  std::size_t ready = 1;
  while (ready < exchanges_.size() && exchanges_[ready].answered) {
    out_ += exchanges_[ready].bytes;
    ++ready;
  }
  exchanges_.erase(exchanges_.begin(), exchanges_.begin() + static_cast<std::ptrdiff_t>(ready));
  first_number_ += ready;
}

void Connection::mark_dirty() {
  if (dirty_ || !is_open()) return;
  dirty_ = true;
  core_->dirty.push_back(shared_from_this());
}

void Connection::flush() {
  dirty_ = false;
  if (!is_open() || writing_) return;
  if (!out_.empty() && !write_out()) return;
  after_flush();
}

// True: everything left. Otherwise libuv has the rest, or the connection is closed.
bool Connection::write_out() {
  const uv_buf_t buffer = uv_buf_init(out_.data(), static_cast<unsigned>(out_.size()));
  const int sent = uv_try_write(&uv_.stream, &buffer, 1);
  if (sent == static_cast<int>(out_.size())) {
    out_.clear();
    return true;
  }
  if (sent < 0 && sent != UV_EAGAIN) {
    close();
  } else {
    write_rest(static_cast<std::size_t>(std::max(sent, 0)));
  }
  return false;
}

// While libuv holds bytes nothing is parsed, so `out_` grows by the answers of at
// most max_pipelined requests.
void Connection::write_rest(std::size_t sent) {
  auto* write = new Write;
  write->connection = shared_from_this();
  write->bytes = out_.substr(sent);
  write->request.data = write;
  out_.clear();
  writing_ = true;
  stop_reading();
  const uv_buf_t buffer =
      uv_buf_init(write->bytes.data(), static_cast<unsigned>(write->bytes.size()));
  const int started =
      uv_write(&write->request, &uv_.stream, &buffer, 1, [](uv_write_t* request, int status) {
        const std::unique_ptr<Write> done(static_cast<Write*>(request->data));
        Connection& connection = *done->connection;
        connection.writing_ = false;
        if (!connection.is_open()) return;
        if (status < 0) {
          connection.close();
        } else {
          connection.mark_dirty();
        }
      });
  if (started < 0) {
    delete write;
    close();
    return;
  }
  await();
}

void Connection::after_flush() {
  if (!unparsed_.empty()) {
    const std::string bytes = std::move(unparsed_);
    unparsed_.clear();
    parse(bytes);
    if (!is_open() || dirty_) return;
  }
  if (last_request_seen_ && exchanges_.empty()) {
    hang_up();
    return;
  }
  if (unparsed_.empty() && !last_request_seen_) start_reading();
  await();
}

void Connection::hang_up() {
  if (hanging_up_) return;
  if (!refused_) {
    close();
    return;
  }
  hanging_up_ = true;
  auto* shutdown = new uv_shutdown_t{};
  if (uv_shutdown(shutdown, &uv_.stream, [](uv_shutdown_t* done, int) { delete done; }) != 0) {
    delete shutdown;
    close();
    return;
  }
  start_reading();
  await();
}

void Connection::begin_close() {
  last_request_seen_ = true;
  stop_reading();
  unparsed_.clear();
  mark_dirty();
}

void Connection::close() {
  if (!is_open()) return;
  ServerCore& core = *core_;
  count_unfinished(0);
  core_ = nullptr;
  while_closing_ = shared_from_this();
  uv_close(&uv_.handle, [](uv_handle_t* handle) {
    // The last owner may be this one.
    const std::shared_ptr<Connection> self =
        std::move(static_cast<Connection*>(handle->data)->while_closing_);
  });
  if (!is_listed_) return;
  core.open.remove(place_, kind_);
  core.on_closed();
}

// The clock of a state runs from its beginning, whatever trickles in meanwhile.
void Connection::await() {
  const HttpServerOptions& options = core_->options;
  Awaits next = Awaits::kNothing;
  base::Millis limit{};
  if (hanging_up_) {
    next = Awaits::kHangUp;
    limit = kHangUpTime;
  } else if (writing_) {
    next = Awaits::kTakingAnswer;
    limit = options.write_timeout;
  } else if (reading_ && parser_.phase() == RequestParser::Phase::kBody) {
    next = Awaits::kBody;
    limit = options.body_timeout;
  } else if (reading_ && parser_.phase() == RequestParser::Phase::kHead) {
    next = Awaits::kHead;
    limit = options.head_timeout;
  } else if (reading_ && exchanges_.empty()) {
    next = Awaits::kRequest;
    limit = options.idle_timeout;
  }
  const std::uint64_t number = first_number_ + exchanges_.size();
  if (next == kind_.awaits && number == awaited_number_) return;
  const OpenConnections::Kind kind{next, is_let_in_};
  core_->open.move(place_, kind_, kind);
  kind_ = kind;
  awaited_number_ = number;
  awaited_since_ = core_->loop.now_monotonic();
  deadline_ = awaited_since_ + limit.count;
}

bool Connection::is_over_deadline(std::int64_t now) const {
  return is_open() && kind_.awaits != Awaits::kNothing && now >= deadline_;
}

void Connection::check_deadline(std::int64_t now) {
  if (!is_over_deadline(now)) return;
  if (kind_.awaits != Awaits::kHangUp) ++core_->stats.timeouts;
  if (kind_.awaits != Awaits::kHead && kind_.awaits != Awaits::kBody) {
    close();
    return;
  }
  parser_.time_out();
  refuse();
}

}  // namespace sojourn::uv
