#include "runtime/uv/request_parser.h"

#include <algorithm>
#include <array>
#include <llhttp.h>

#include "runtime/uv/http_head_guard.h"

namespace sojourn::uv {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kVersionWithBlanks = "  HTTP/1.1";
// Buffers up to this size are kept for the connection's next request.
constexpr std::size_t kKeptBodyBytes = std::size_t{64} * 1024;

bool is_usual_method(std::uint8_t method) {
  constexpr std::array<int, 7> kUsual{HTTP_GET,   HTTP_POST,   HTTP_HEAD,   HTTP_PUT,
                                      HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS};
  return std::find(kUsual.begin(), kUsual.end(), method) != kUsual.end();
}

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

// Each callback finds its parser in llhttp's `data`. Returning non-zero stops llhttp.
struct RequestParser::Hooks {
  static RequestParser& self(llhttp_t* llhttp) {
    return *static_cast<RequestParser*>(llhttp->data);
  }

  // Names, values and the target may come in pieces, which touch: the head is one
  // block of memory.
  static void extend(RequestParser& parser, HttpRequest::Span& span, const char* at,
                     std::size_t size) {
    if (span.size == 0) {
      span.offset = static_cast<std::uint32_t>(at - parser.request_.head_.data());
    }
    span.size += static_cast<std::uint32_t>(size);
  }

  static int url(llhttp_t* llhttp, const char* at, std::size_t size) {
    extend(self(llhttp), self(llhttp).request_.target_, at, size);
    return 0;
  }

  static int header_name(llhttp_t* llhttp, const char* at, std::size_t size) {
    RequestParser& parser = self(llhttp);
    if (parser.phase_ == Phase::kBody) return HPE_USER;
    std::vector<HttpRequest::HeaderSpans>& headers = parser.request_.headers_;
    if (headers.empty() || headers.back().complete_name) {
      if (headers.size() == parser.limits_.max_headers) {
        parser.refuse(431, "too many headers");
        return HPE_USER;
      }
      headers.emplace_back();
    }
    extend(parser, headers.back().name, at, size);
    return 0;
  }

  static int header_name_complete(llhttp_t* llhttp) {
    self(llhttp).request_.headers_.back().complete_name = true;
    return 0;
  }

  static int header_value(llhttp_t* llhttp, const char* at, std::size_t size) {
    extend(self(llhttp), self(llhttp).request_.headers_.back().value, at, size);
    return 0;
  }

  static int headers_complete(llhttp_t* llhttp) {
    return self(llhttp).accept_head() ? 0 : HPE_USER;
  }

  static int chunk_header(llhttp_t* llhttp) {
    self(llhttp).is_behind_chunks_ = llhttp->content_length == 0;
    return 0;
  }

  static int body(llhttp_t* llhttp, const char* at, std::size_t size) {
    return self(llhttp).append_body({at, size}) ? 0 : HPE_USER;
  }

  static int message_complete(llhttp_t* llhttp) {
    self(llhttp).complete_ = true;
    return HPE_PAUSED;
  }

  static const llhttp_settings_t& settings() {
    static const llhttp_settings_t kSettings = [] {
      llhttp_settings_t s{};
      s.on_url = url;
      s.on_header_field = header_name;
      s.on_header_field_complete = header_name_complete;
      s.on_header_value = header_value;
      s.on_headers_complete = headers_complete;
      s.on_chunk_header = chunk_header;
      s.on_body = body;
      s.on_message_complete = message_complete;
      return s;
    }();
    return kSettings;
  }
};

RequestParser::RequestParser(const RequestLimits& limits)
    : limits_(limits), llhttp_(std::make_unique<llhttp_t>()) {
  llhttp_init(llhttp_.get(), HTTP_REQUEST, &Hooks::settings());
  llhttp_->data = this;
}

RequestParser::~RequestParser() = default;

RequestParser::Progress RequestParser::feed(std::string_view& bytes) {
  if (phase_ != Phase::kBody) {
    if (bytes.empty()) return Progress::kNeedsMore;
    phase_ = Phase::kHead;
    if (!collect_head(bytes)) return refused_ ? Progress::kRefused : Progress::kNeedsMore;
    const Progress progress = parse_head();
    if (progress != Progress::kNeedsMore) return progress;
  }
  return parse_body(bytes);
}

void RequestParser::next() {
  llhttp_reset(llhttp_.get());
  request_.method_ = {};
  request_.head_.clear();
  request_.target_ = {};
  request_.path_size_ = 0;
  request_.headers_.clear();
  if (request_.body_.capacity() > kKeptBodyBytes) request_.body_ = std::string();
  request_.body_.clear();
  phase_ = Phase::kIdle;
  complete_ = keep_alive_ = is_http_1_0_ = expects_continue_ = is_chunked_ = is_behind_chunks_ =
      false;
  last_body_byte_ = '\0';
  guarded_bytes_ = body_wire_bytes_ = 0;
}

// True: the head is whole and every line of it has passed the guard.
bool RequestParser::collect_head(std::string_view& bytes) {
  std::string& head = request_.head_;
  const std::size_t before = head.size();
  // The end may have begun in the bytes before.
  const std::size_t from = before - std::min(before, kHeadEnd.size() - 1);
  std::size_t taken = std::min(bytes.size(), limits_.max_head_bytes - before);
  if (before == 0) {
    const std::size_t end = bytes.substr(0, taken).find(kHeadEnd);
    if (end != std::string_view::npos) taken = end + kHeadEnd.size();
  }
  head.append(bytes.substr(0, taken));
  const std::size_t end = head.find(kHeadEnd, from);
  if (end != std::string::npos) {
    const std::size_t size = end + kHeadEnd.size();
    bytes.remove_prefix(size - before);
    head.resize(size);
    return guard_lines(size);
  }
  bytes.remove_prefix(taken);
  const std::size_t last_lf = head.rfind('\n');
  if (last_lf != std::string::npos && !guard_lines(last_lf + 1)) return false;
  if (head.size() == limits_.max_head_bytes) refuse(431, "the head is too large");
  return false;
}

bool RequestParser::guard_lines(std::size_t end) {
  if (end <= guarded_bytes_) return true;
  const std::string_view lines =
      std::string_view(request_.head_).substr(guarded_bytes_, end - guarded_bytes_);
  guarded_bytes_ = end;
  const char* doubt = doubt_about_head(lines);
  if (doubt != nullptr) refuse(400, doubt);
  return doubt == nullptr;
}

RequestParser::Progress RequestParser::parse_head() {
  const llhttp_errno_t result =
      llhttp_execute(llhttp_.get(), request_.head_.data(), request_.head_.size());
  if (refused_) return Progress::kRefused;
  if (complete_) return completed();
  if (result == HPE_INVALID_VERSION || result == HPE_PAUSED_H2_UPGRADE) {
    return refuse(505, "the HTTP version is not supported");
  }
  // A head that ends without `accept_head` was an empty line and no request.
  if (result != HPE_OK || phase_ != Phase::kBody) return refuse(400, "the head is malformed");
  return Progress::kNeedsMore;
}

RequestParser::Progress RequestParser::parse_body(std::string_view& bytes) {
  const llhttp_errno_t result = llhttp_execute(llhttp_.get(), bytes.data(), bytes.size());
  if (refused_) return Progress::kRefused;
  if (result != HPE_OK && !complete_) {
    // Whether llhttp knows a trailer's name for one depends on how much of it has come.
    return refuse(400, is_behind_chunks_ ? "trailers are not accepted" : "the body is malformed");
  }
  const std::size_t taken =
      complete_ ? static_cast<std::size_t>(llhttp_get_error_pos(llhttp_.get()) - bytes.data())
                : bytes.size();
  if (complete_ && !ends_in_crlf(bytes.substr(0, taken))) {
    return refuse(400, "LF without CR");
  }
  if (taken > 0) last_body_byte_ = bytes[taken - 1];
  bytes.remove_prefix(taken);
  // Chunks of a byte each, or long chunk extensions, are no way to send a body.
  body_wire_bytes_ += taken;
  if (body_wire_bytes_ > 2 * limits_.max_body_bytes + kKeptBodyBytes) {
    return refuse(413, "the body's framing is too large");
  }
  return complete_ ? completed() : Progress::kNeedsMore;
}

// llhttp takes a lone LF for the end of the last chunk. `part` completes the body.
bool RequestParser::ends_in_crlf(std::string_view part) const {
  if (!is_chunked_) return true;
  return part.size() == 1 ? last_body_byte_ == '\r' : part.ends_with("\r\n");
}

RequestParser::Progress RequestParser::completed() {
  request_.body_.reserve(request_.body_.size() + HttpRequest::kBodyPadding);
  phase_ = Phase::kIdle;
  return Progress::kComplete;
}

RequestParser::Progress RequestParser::refuse(int status, const char* reason) {
  refused_ = true;
  refusal_ = {status, reason};
  return Progress::kRefused;
}

bool RequestParser::accept_head() {
  phase_ = Phase::kBody;
  llhttp_->upgrade = 0;
  keep_alive_ = llhttp_should_keep_alive(llhttp_.get()) != 0;
  is_http_1_0_ = llhttp_->http_minor == 0;
  return accept_request_line() && accept_headers() && accept_framing();
}

bool RequestParser::accept_request_line() {
  if (llhttp_->http_major != 1 || llhttp_->http_minor > 1) {
    refuse(505, "the HTTP version is not supported");
    return false;
  }
  if (!is_usual_method(llhttp_->method)) {
    refuse(501, "the method is not supported");
    return false;
  }
  request_.method_ = llhttp_method_name(static_cast<llhttp_method_t>(llhttp_->method));
  const std::string_view target = request_.target();
  if (!target.starts_with('/') || !is_visible_ascii(target)) {
    refuse(400, "the request target is not a path");
    return false;
  }
  // llhttp skips blanks; another reader may take them for a part of the target. An empty line may
  // stand before (RFC 9112, 2.2).
  const std::size_t begin = request_.head_.find_first_not_of("\r\n");
  if (request_.head_.find('\r', begin) - begin !=
      request_.method_.size() + target.size() + kVersionWithBlanks.size()) {
    refuse(400, "a request line with more than two blanks");
    return false;
  }
  request_.path_size_ = std::min(target.find('?'), target.size());
  return true;
}

bool RequestParser::accept_headers() {
  for (const HttpRequest::HeaderSpans& header : request_.headers_) {
    if (header.name.size != 0) continue;
    refuse(400, "a header without a name");
    return false;
  }
  const std::size_t hosts = request_.header_count("host");
  if (hosts == 1 || (hosts == 0 && is_http_1_0_)) return true;
  refuse(400, hosts == 0 ? "no Host header" : "more than one Host header");
  return false;
}

bool RequestParser::accept_framing() {
  const auto encoding = request_.header("transfer-encoding");
  is_chunked_ = encoding.has_value();
  if (encoding) {
    const bool chunked = request_.header_count("transfer-encoding") == 1 &&
                         equal_ignoring_case(*encoding, "chunked") && !is_http_1_0_;
    if (!chunked) {
      refuse(400, "a Transfer-Encoding other than chunked");
      return false;
    }
    if (request_.header_count("content-length") != 0) {
      refuse(400, "both Content-Length and Transfer-Encoding");
      return false;
    }
  } else if (llhttp_->content_length > limits_.max_body_bytes) {
    refuse(413, "the body is too large");
    return false;
  }
  const auto expect = request_.header("expect");
  expects_continue_ = expect && !is_http_1_0_ && equal_ignoring_case(*expect, "100-continue");
  // Memory follows the bytes that come, not those that were announced.
  request_.body_.reserve(std::min<std::size_t>(llhttp_->content_length, kKeptBodyBytes / 2) +
                         HttpRequest::kBodyPadding);
  return true;
}

bool RequestParser::append_body(std::string_view part) {
  if (request_.body_.size() + part.size() > limits_.max_body_bytes) {
    refuse(413, "the body is too large");
    return false;
  }
  request_.body_.append(part);
  return true;
}

}  // namespace sojourn::uv
