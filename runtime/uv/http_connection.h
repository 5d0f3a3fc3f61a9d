// One accepted connection of an HttpServer: reads requests, keeps the answers in
// their order, writes what is ready once per turn of the loop. Internal to the
// server; loop thread only.
//
// The server's list and every Responder share ownership, and libuv does while the
// socket closes. `core_` is null from the moment the connection is closed: from then
// on answers are ignored and nothing reaches the server.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <uv.h>
#include <vector>

#include "runtime/uv/http_server.h"
#include "runtime/uv/request_parser.h"

namespace sojourn::uv {

// What the peer is expected to do next, each with its own time limit.
enum class Awaits : std::uint8_t { kNothing, kRequest, kHead, kBody, kTakingAnswer, kHangUp };
inline constexpr std::size_t kAwaitsCount = 6;

// All open connections: a line for each thing that peers are waited for, of those that were let in
// and of strangers apart, whoever has been waited for longest in front. What a line waits for has
// one time limit, so its front is also the next to be over it.
struct OpenConnections {
  using Line = std::list<std::shared_ptr<Connection>>;
  struct Kind {
    Awaits awaits = Awaits::kNothing;
    bool is_let_in = false;
    friend bool operator==(const Kind&, const Kind&) = default;
  };
  std::array<Line, 2 * kAwaitsCount> lines{};  // strangers first
  std::size_t count = 0;

  Line& of(Kind kind) {
    return lines[static_cast<std::size_t>(kind.awaits) + (kind.is_let_in ? kAwaitsCount : 0)];
  }
  Line::iterator add(std::shared_ptr<Connection> connection);
  void move(Line::iterator place, Kind from, Kind to);
  void remove(Line::iterator place, Kind from);
  // The one to do without: a stranger, if any is waited for, and of those the one that has been
  // waited for longest. Null when no peer is waited for.
  std::shared_ptr<Connection> first_to_go();

 private:
  std::shared_ptr<Connection> longest_waited_for(bool is_let_in);
};

// What a server shares with its connections.
struct ServerCore {
  Loop& loop;
  HttpServerOptions options;
  HttpHandlers handlers;
  HttpServerStats stats{};
  bool closing = false;
  OpenConnections open{};
  std::size_t unfinished_bytes = 0;  // of bodies
  // Those with something to do before the loop waits again.
  std::vector<std::shared_ptr<Connection>> dirty{};
  // Bytes just read; whoever reads uses them up before returning to the loop.
  std::string read_buffer = std::string(64 * 1024, '\0');

  // A connection is open no more.
  Callback<void()> on_closed{};
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerCore& core, bool is_unix);

  // Takes the next connection waiting at `listener` and is one of the open ones; closed at once on
  // failure.
  void accept(uv_stream_t* listener);
  // Takes it, answers 503 and closes: there are too many.
  void turn_away(uv_stream_t* listener);

  void answer(std::uint64_t request_number, const HttpResponse& response);
  // Its peer has shown that it may ask: from the next thing that it is waited for it is no
  // stranger.
  void let_in() { is_let_in_ = true; }
  bool is_open() const { return core_ != nullptr; }

  // Writes what is gathered, then reads on or closes as far as possible.
  void flush();
  // Ends the connection once the answers that the handler owes have left.
  void begin_close();
  // Ends it now.
  void close();
  // Ends it when it has been waiting for the peer for too long.
  void check_deadline(std::int64_t now);
  bool is_over_deadline(std::int64_t now) const;
  // Since when its peer has been waited for; monotonic milliseconds.
  std::int64_t awaited_since() const { return awaited_since_; }

 private:
  struct Write;

  // A request given to the handler.
  struct Exchange {
    bool answered = false;
    bool head_only = false;  // answers to HEAD have no body
    bool keep_alive = true;
    bool is_http_1_0 = false;
    std::string bytes;  // the answer, while earlier ones are missing
  };
  bool is_known_user() const;
  static void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer);
  void received(std::string_view bytes);
  void parse(std::string_view bytes);
  void dispatch();
  void refuse();
  void refuse_with(const HttpResponse& response);
  // Of a body that has begun: whether the rest may come.
  void look_at_unfinished();
  void count_unfinished(std::size_t bytes);
  void send_continue();
  void append_answer(std::string& out, const Exchange& exchange, const HttpResponse& response);
  void release_answers();
  bool write_out();
  void write_rest(std::size_t sent);
  void after_flush();
  void start_reading();
  void stop_reading();
  void hang_up();
  void mark_dirty();
  void await();
  bool may_parse() const;

  ServerCore* core_;
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
  } uv_{};
  std::shared_ptr<Connection> while_closing_;

  RequestParser parser_;
  std::vector<Exchange> exchanges_;   // oldest first
  std::uint64_t first_number_ = 0;    // of exchanges_.front()
  std::string unparsed_;              // read before the parser had to pause
  std::size_t unfinished_bytes_ = 0;  // of its body, as the server counts them
  bool was_looked_at_ = false;        // the request whose body is coming
  std::string out_;                   // ready to be written
  bool reading_ = false;
  bool writing_ = false;            // libuv holds bytes that did not fit
  bool last_request_seen_ = false;  // parse no more
  bool refused_ = false;            // unread bytes may follow: hang up gently
  bool hanging_up_ = false;
  bool dirty_ = false;
  bool is_let_in_ = false;
  OpenConnections::Kind kind_{};             // the line that it stands in
  std::uint64_t awaited_number_ = 0;         // of the request that kind_ is about
  std::int64_t awaited_since_ = 0;           // of kind_, monotonic
  std::int64_t deadline_ = 0;                // the same
  bool is_listed_ = false;                   // one of the server's open connections
  OpenConnections::Line::iterator place_{};  // there
};

}  // namespace sojourn::uv
