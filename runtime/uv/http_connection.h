// One accepted connection of an HttpServer: reads requests, keeps the answers in
// their order, writes what is ready once per turn of the loop. Internal to the
// server; loop thread only.
//
// The server's list and every Responder share ownership, and libuv does while the
// socket closes. `core_` is null from the moment the connection is closed: from then
// on answers are ignored and nothing reaches the server.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <uv.h>
#include <vector>

#include "runtime/uv/http_server.h"
#include "runtime/uv/request_parser.h"

namespace sojourn::uv {

// What a server shares with its connections.
struct ServerCore {
  Loop& loop;
  HttpServerOptions options;
  HttpHandlers handlers;
  HttpServerStats stats{};
  bool closing = false;
  std::vector<std::shared_ptr<Connection>> open{};
  // Those with something to do before the loop waits again.
  std::vector<std::shared_ptr<Connection>> dirty{};
  // Bytes just read; whoever reads uses them up before returning to the loop.
  std::string read_buffer = std::string(64 * 1024, '\0');

  // A connection has left `open`.
  Callback<void()> on_closed{};
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerCore& core, bool is_unix);

  // Takes the next connection waiting at `listener`; closed at once on failure.
  void accept(uv_stream_t* listener);
  // Answers 503 and closes: there are too many.
  void turn_away();

  void answer(std::uint64_t request_number, const HttpResponse& response);
  bool is_open() const { return core_ != nullptr; }

  // Writes what is gathered, then reads on or closes as far as possible.
  void flush();
  // Ends the connection once the answers that the handler owes have left.
  void begin_close();
  // Ends it now.
  void close();
  // Ends it when it has been waiting for the peer for too long.
  void check_deadline(std::int64_t now);

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
  // What the peer is expected to do next, each with its own time limit.
  enum class Awaits { kNothing, kRequest, kHead, kBody, kTakingAnswer, kHangUp };

  static void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer);
  void received(std::string_view bytes);
  void parse(std::string_view bytes);
  void dispatch();
  void refuse();
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
  std::vector<Exchange> exchanges_;  // oldest first
  std::uint64_t first_number_ = 0;   // of exchanges_.front()
  std::string unparsed_;             // read before the parser had to pause
  std::string out_;                  // ready to be written
  bool reading_ = false;
  bool writing_ = false;            // libuv holds bytes that did not fit
  bool last_request_seen_ = false;  // parse no more
  bool refused_ = false;            // unread bytes may follow: hang up gently
  bool hanging_up_ = false;
  bool dirty_ = false;
  Awaits awaits_ = Awaits::kNothing;
  std::uint64_t awaited_number_ = 0;  // of the request that awaits_ is about
  std::int64_t deadline_ = 0;         // of awaits_, monotonic
};

}  // namespace sojourn::uv
