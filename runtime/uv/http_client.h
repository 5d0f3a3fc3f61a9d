// An HTTP/1.1 client on a loop: libcurl's multi interface with keep-alive, a FIFO
// queue of our own, and never more transfers under way than connections. A request
// goes out at most once: curl's silent repeat on a connection that died is refused,
// since the caller must know when a message may have been taken. TLS certificates
// are always verified; redirects are answers like any other; proxies named by the
// environment are ignored.
//
// Everything lives on the loop's thread. Destroying the client forgets what is
// under way: those callbacks are destroyed uncalled. Not from within one of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "runtime/uv/callback.h"
#include "runtime/uv/http_message.h"

namespace sojourn::uv {

class Loop;

// Request headers, prepared once and shared by many requests: one set for each
// content type and key, say. `Expect` is always off. What `Api-Key` and `Authorization` bring is a
// secret: where an answer quotes it, in whatever encoding (quoted_secret.h), `[secret]` stands
// instead.
class HeaderSet;
std::shared_ptr<const HeaderSet> make_header_set(const std::vector<HttpHeader>& headers);

struct HttpCall {
  enum class Method { kGet, kPost, kPut, kPatch, kDelete };
  Method method = Method::kPost;
  std::string url;
  std::shared_ptr<const HeaderSet> headers;  // null: none beyond curl's own
  std::string body;                          // ignored by kGet
  // From leaving the queue to the last byte of the answer; instead of the client's.
  std::optional<base::Millis> timeout;
};

struct HttpReply {
  int status = 0;
  // Those named by HttpClientOptions::wanted_headers that came.
  std::vector<HttpHeader> headers;
  std::string body;

  // Null when it did not come (or was not wanted).
  const std::string* header(std::string_view name) const;
};

struct HttpFailure {
  enum class Kind {
    kInvalidCall,        // the URL cannot be used, or plain http is not allowed
    kDns,                // the host's name has no address
    kConnect,            // nobody took the connection
    kAddressRefused,     // the host's address is not public, and only those are called
    kTls,                // no trusted secure channel
    kTimeoutBeforeSend,  // time ran out before a byte of the request left
    kTimeoutAfterSend,   // it ran out later
    kResetBeforeSend,    // the connection broke before a byte of the request left
    kResetAfterSend,     // it broke later, without a whole answer
    kBodyTooLarge,       // the answer was larger than max_response_bytes
    kBadAnswer,          // the answer was not HTTP
    kOther,
  };
  Kind kind = Kind::kOther;
  // Whether the peer may have got the request: false only where that is certain.
  bool maybe_received = true;
  // Of an answer that began but was not received whole; else 0.
  int status = 0;
  std::string message;
};

// "tls", "reset_after_send": stable names for logs and metrics.
std::string_view kind_name(HttpFailure::Kind kind);

using HttpOutcome = tl::expected<HttpReply, HttpFailure>;

struct HttpClientOptions {
  std::size_t max_connections = 32;
  std::size_t max_queued = 1024;
  base::Millis connect_timeout = base::seconds(10);
  // From leaving the queue to the last byte of the answer.
  base::Millis total_timeout = base::seconds(30);
  std::size_t max_response_bytes = 1024 * 1024;
  bool allow_http = false;
  // Whatever address a name resolves to is looked at before a connection is opened to it;
  // those that are not public (connectors/webhook/public_address.h) are refused.
  bool public_addresses_only = false;
  // PEM file of certificate authorities to trust instead of the system's.
  std::string ca_file;
  std::string user_agent = "sojourn";
  std::vector<std::string> wanted_headers = {"retry-after"};
};

// Counted since the client was made, except the first two.
struct HttpClientStats {
  std::uint64_t in_flight = 0;
  std::uint64_t queued = 0;
  std::uint64_t calls = 0;
  std::uint64_t failures = 0;
  std::uint64_t connections_opened = 0;
};

class HttpClient {
 public:
  HttpClient(Loop& loop, HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // True: the call is queued and `done` will be called once, never from within `send`.
  // False: the queue is full, nothing happened.
  [[nodiscard]] bool send(HttpCall call, Callback<void(HttpOutcome)> done);

  HttpClientStats stats() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sojourn::uv
