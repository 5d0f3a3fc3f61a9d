// An HTTP/1.1 server on a loop: give it a handler, listen on TCP or a Unix socket,
// answer each request once, now or later, through its Responder. Answers leave a
// connection in the order of its requests, gathered in one write per turn of the
// loop. Anything doubtful about a request's framing (see http_head_guard.h) is
// answered with a plain 4xx and the connection is closed, so two parsers in a row
// never disagree on where a request ends. No `Date` header: time has one seam, and
// it is not here.
//
// Everything lives on the loop's thread. The server may be destroyed at any moment
// but from within its own handlers; Responders that outlive it do nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/uv/callback.h"
#include "runtime/uv/http_message.h"

namespace sojourn::uv {

class Connection;
class Loop;

// The right, and the duty, to answer one request. Dropped unanswered it sends a
// 500. If the connection has gone meanwhile, answering does nothing.
class Responder {
 public:
  Responder(std::shared_ptr<Connection> connection, std::uint64_t request_number);
  ~Responder();
  Responder(Responder&& other) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;

  // Once only; the Responder is spent afterwards.
  void answer(const HttpResponse& response);
  // Cuts the connection instead of answering; earlier answers that have not left are
  // lost too. The Responder is spent afterwards.
  void reset();
  // Who asks has shown that they may: while strangers are waited for, none of the connections that
  // brought such a request is closed to make room.
  void let_in();
  // False when nobody will read the answer any more (or it was given).
  bool wanted() const;

 private:
  std::shared_ptr<Connection> connection_;  // null once answered
  std::uint64_t request_number_ = 0;
};

struct HttpServerOptions {
  // For a further connection the one whose peer has been waited for longest is closed: of those
  // who were never let in (Responder::let_in), if any is waited for. While all wait for the
  // handler, it gets a 503 with Retry-After.
  std::size_t max_connections = 1024;
  std::size_t max_head_bytes = 32 * 1024;
  std::size_t max_headers = 100;
  std::size_t max_body_bytes = 4 * 1024 * 1024;
  // Of all bodies together that have begun and not arrived whole; beyond, the next that grows gets
  // a 503 with Retry-After.
  std::size_t max_unfinished_bytes = std::size_t{256} * 1024 * 1024;
  // Requests of one connection that wait for an answer; reading pauses beyond.
  std::size_t max_pipelined = 64;
  // From the last answer to the first byte of the next request.
  base::Millis idle_timeout = base::seconds(75);
  // From the first byte of a request to its empty line, and from there to its end.
  base::Millis head_timeout = base::seconds(10);
  base::Millis body_timeout = base::seconds(30);
  // Over a Unix socket only processes of these users are listened to (SO_PEERCRED); nothing: of
  // any that the file lets in.
  std::optional<std::vector<std::uint32_t>> unix_users;
  // For the peer to take a response that did not fit the socket's buffer.
  base::Millis write_timeout = base::seconds(30);
};

struct HttpHandlers {
  Callback<void(HttpRequest&&, Responder)> request;
  // The answer to a request whose body is larger than allowed; it has no body here.
  // Left empty, a plain 413.
  Callback<HttpResponse(const HttpRequest&)> body_too_large;
  // Asked of a request whose body takes more than one read, before the rest is read: with an answer
  // the request ends there, and the connection, too; without one its sender is let in. Left empty,
  // all is read.
  Callback<std::optional<HttpResponse>(const HttpRequest&)> before_body{};
};

// Counted since the server was made, except the first.
struct HttpServerStats {
  std::uint64_t open_connections = 0;
  std::uint64_t accepted_connections = 0;
  std::uint64_t turned_away_connections = 0;  // beyond max_connections
  std::uint64_t displaced_connections = 0;    // closed to make room for others
  std::uint64_t requests = 0;                 // given to the handler
  std::uint64_t refused_requests = 0;         // answered 4xx or 5xx here
  std::uint64_t timeouts = 0;
  std::uint64_t unfinished_bytes = 0;  // at this moment
};

class HttpServer {
 public:
  HttpServer(Loop& loop, HttpServerOptions options, HttpHandlers handlers);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // `host` is an IP address or `localhost` (127.0.0.1). Returns the port: the one
  // asked for, or the one the system chose when that was 0.
  base::Result<int> listen_tcp(const std::string& host, int port);

  // The socket gets mode 0600. A socket file left by a dead process is replaced; one
  // that still answers, or a file that is no socket, is an error. `close` removes it.
  base::Status listen_unix(const std::string& path);

  // Stops accepting, hangs up on idle connections, lets requests that reached the
  // handler be answered, then calls `done`, never before it returns. Requests that
  // have not arrived whole are dropped. For a deadline, destroy the server.
  void close(Callback<void()> done);

  HttpServerStats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sojourn::uv
