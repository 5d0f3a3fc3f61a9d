// As much HTTP/1.1 as a benchmark on loopback needs: messages with a
// Content-Length, one after the other on a kept connection. Requests and
// responses share one parser, because they differ only in what the first two
// words of the first line mean. Chunked bodies are refused as malformed.
// Nothing is copied: every view points into the bytes that were parsed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sojourn::bench {

// Longest head and body that either side accepts.
inline constexpr std::size_t kMaxHeadBytes = 16 * 1024;
inline constexpr std::size_t kMaxBodyBytes = 8 * 1024 * 1024;

struct HttpMessage {
  std::string_view first_word;   // method of a request, version of a response
  std::string_view second_word;  // target of a request, status of a response
  std::string_view body;
  int retry_after_seconds = 0;
  bool close_after = false;
  std::size_t size = 0;  // bytes of head and body together
};

enum class Parsed { kComplete, kIncomplete, kMalformed };

// Reads one message from the beginning of `bytes`. `out` is meaningful only
// when the answer is kComplete.
Parsed parse_http(std::string_view bytes, HttpMessage& out);

void append_request(std::string& out, std::string_view method, std::string_view target,
                    std::string_view api_key, std::string_view body);
void append_response(std::string& out, std::string_view status, std::string_view body);

}  // namespace sojourn::bench
