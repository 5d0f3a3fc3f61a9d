// What HTTP is about, without sockets: header lists, a request as the server's
// handler sees it, a response as it is answered. Values; no thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sojourn::uv {

struct HttpHeader {
  std::string name;
  std::string value;
};

// A request owns its bytes: move it to keep it beyond the handler's call. Left
// unmoved, its memory serves the connection's next request.
class HttpRequest {
 public:
  // Upper case, e.g. "POST".
  std::string_view method() const { return method_; }
  // Still percent-encoded, begins with a slash: "/api/users/update".
  std::string_view path() const { return target().substr(0, path_size_); }
  // What follows the first `?`, without it; empty when there is none.
  std::string_view query() const;
  // The value of the first header of that name, in whatever case; blanks trimmed.
  std::optional<std::string_view> header(std::string_view name) const;
  // How many headers have that name: one that decides something should come once.
  std::size_t header_count(std::string_view name) const;
  // Has spare capacity of at least kBodyPadding bytes, so that simdjson parses it in place.
  const std::string& body() const { return body_; }
  std::string& body() { return body_; }
  static constexpr std::size_t kBodyPadding = 64;

 private:
  friend class RequestParser;

  struct Span {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
  };
  struct HeaderSpans {
    Span name;
    Span value;
    bool complete_name = false;
  };
  std::string_view text(Span span) const {
    return std::string_view(head_).substr(span.offset, span.size);
  }
  std::string_view target() const { return text(target_); }

  std::string_view method_;  // static text
  std::string head_;         // the bytes up to and including the empty line
  Span target_;
  std::size_t path_size_ = 0;
  std::vector<HeaderSpans> headers_;
  std::string body_;
};

struct HttpResponse {
  int status = 200;
  std::string body;
  // Static text: it is not copied before the response is written.
  std::string_view content_type = "application/json";
  // Beyond Content-Type, Content-Length and Connection, which the server writes.
  std::vector<HttpHeader> headers;
};

// "Too Many Requests" for 429; "Unknown" for a number without a name.
std::string_view status_text(int status);

// ASCII letters compare without their case, as header names do.
bool equal_ignoring_case(std::string_view a, std::string_view b);

}  // namespace sojourn::uv
