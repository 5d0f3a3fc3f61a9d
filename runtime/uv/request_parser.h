// Bytes of one connection in, requests out: llhttp behind the head guard. A head is
// collected to its empty line, guarded, and only then parsed, each request by a
// parser in its first state; so the head of a pipelined request meets the guard too.
// After a refusal nothing more of the connection can be trusted. No sockets here;
// used on one thread.
//
// Refused beyond what llhttp and the guard refuse: versions other than 1.0 and 1.1,
// methods other than the usual seven, targets that do not begin with a slash, not exactly one Host
// (1.1), any Transfer-Encoding but a single `chunked` in 1.1, trailers, and everything
// over its limit. An offer to upgrade the protocol is ignored, as RFC 9110 allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/uv/http_message.h"

struct llhttp__internal_s;

namespace sojourn::uv {

struct RequestLimits {
  std::size_t max_head_bytes = 0;
  std::size_t max_headers = 0;
  std::size_t max_body_bytes = 0;
};

// Why a connection ends: the status to say so with, and static text.
struct Refusal {
  int status = 400;
  const char* reason = "";
};

class RequestParser {
 public:
  enum class Progress { kNeedsMore, kComplete, kRefused };
  // Where the next byte belongs.
  enum class Phase { kIdle, kHead, kBody };

  explicit RequestParser(const RequestLimits& limits);
  ~RequestParser();

  // Takes from the front of `bytes` what belongs to the current request. After
  // kComplete call `next` before feeding on; after kRefused never feed again.
  Progress feed(std::string_view& bytes);
  void next();
  // Refuses a request that did not come in time.
  void time_out() { refuse(408, "the request took too long"); }

  Phase phase() const { return phase_; }
  // Complete, or as far as known: a 413 refusal has its head.
  HttpRequest& request() { return request_; }
  const Refusal& refusal() const { return refusal_; }

  // The following hold once the head is complete.
  bool keep_alive() const { return keep_alive_; }
  bool is_http_1_0() const { return is_http_1_0_; }
  // The peer holds its body back until it reads `100 Continue`.
  bool expects_continue() const { return expects_continue_; }
  void clear_expects_continue() { expects_continue_ = false; }

 private:
  struct Hooks;  // llhttp's callbacks

  bool collect_head(std::string_view& bytes);
  bool guard_lines(std::size_t end);
  Progress parse_head();
  Progress parse_body(std::string_view& bytes);
  Progress completed();
  Progress refuse(int status, const char* reason);
  // What the head promises about the body, and everything else checked at its end.
  bool accept_head();
  bool accept_request_line();
  bool accept_headers();
  bool accept_framing();
  bool ends_in_crlf(std::string_view part) const;
  bool append_body(std::string_view part);

  const RequestLimits limits_;
  std::unique_ptr<llhttp__internal_s> llhttp_;
  HttpRequest request_;
  Phase phase_ = Phase::kIdle;
  Refusal refusal_;
  bool refused_ = false;
  bool complete_ = false;
  bool keep_alive_ = false;
  bool is_http_1_0_ = false;
  bool expects_continue_ = false;
  bool is_chunked_ = false;
  bool is_behind_chunks_ = false;  // the last one, of no bytes, has come
  char last_body_byte_ = '\0';
  std::size_t guarded_bytes_ = 0;    // of the head
  std::size_t body_wire_bytes_ = 0;  // with chunk framing
};

}  // namespace sojourn::uv
