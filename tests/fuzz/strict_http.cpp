#include "tests/fuzz/strict_http.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace sojourn::fuzz {
namespace {

// Of lengths: more digits are no length that anybody sends.
constexpr std::size_t kMaxDigits = 15;

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

// Visible characters, blanks, and bytes beyond ASCII.
bool is_field_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<std::size_t> number_of(std::string_view digits, unsigned base) {
  if (digits.empty()) return std::nullopt;
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > kMaxDigits) return std::nullopt;
  std::size_t number = 0;
  for (const char c : base::lower_ascii(digits)) {
    const bool is_decimal = c >= '0' && c <= '9';
    if (!is_decimal && (base == 10 || c < 'a' || c > 'f')) return std::nullopt;
    number = number * base + static_cast<unsigned>(is_decimal ? c - '0' : c - 'a' + 10);
  }
  return number;
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : all_(bytes), rest_(bytes) {}

  std::optional<StrictRequest> read() {
    if (!read_request_line() || !read_headers() || !read_body()) return std::nullopt;
    request_.bytes = all_.size() - rest_.size();
    return std::move(request_);
  }

 private:
  // Up to a CRLF; nothing where a CR or LF stands alone before it.
  std::optional<std::string_view> take_line() {
    const std::size_t end = rest_.find_first_of("\r\n");
    if (end == std::string_view::npos || rest_.substr(end, 2) != "\r\n") return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 2);
    return line;
  }

  // One empty line may stand before (RFC 9112, 2.2).
  bool read_request_line() {
    auto line = take_line();
    if (line && line->empty()) line = take_line();
    if (!line) return false;
    const std::size_t first = line->find(' ');
    const std::size_t last = line->rfind(' ');
    if (first == std::string_view::npos || first == last) return false;
    request_.method = line->substr(0, first);
    request_.target = line->substr(first + 1, last - first - 1);
    const std::string_view version = line->substr(last + 1);
    if (version != "HTTP/1.0" && version != "HTTP/1.1") return false;
    request_.minor_version = version.back() - '0';
    return is_token(request_.method) && !request_.target.empty() &&
           std::ranges::all_of(request_.target, [](char c) { return c > ' ' && c < '\x7f'; });
  }

  bool read_headers() {
    for (;;) {
      const auto line = take_line();
      if (!line) return false;
      if (line->empty()) return true;
      const std::size_t colon = line->find(':');
      if (colon == std::string_view::npos) return false;
      const std::string_view name = line->substr(0, colon);
      const std::string_view value = trimmed(line->substr(colon + 1));
      if (!is_token(name) || !is_field_text(value)) return false;
      request_.headers.emplace_back(base::lower_ascii(name), value);
    }
  }

  bool read_body() {
    std::optional<std::size_t> length;
    for (const auto& [name, value] : request_.headers) {
      if (name != "content-length") continue;
      // A second one is a second framing, even where it says the same.
      if (length) return false;
      length = number_of(value, 10);
      if (!length) return false;
    }
    if (const std::string* encoding = request_.header("transfer-encoding")) {
      return !length && base::lower_ascii(*encoding) == "chunked" && read_chunks();
    }
    return take_body(length.value_or(0));
  }

  bool take_body(std::size_t size) {
    if (rest_.size() < size) return false;
    request_.body += rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  bool read_chunks() {
    for (;;) {
      const auto line = take_line();
      if (!line) return false;
      const std::string_view digits = line->substr(0, line->find(';'));
      const auto size = number_of(trimmed(digits), 16);
      if (!size) return false;
      if (*size == 0) break;
      if (!take_body(*size)) return false;
      const auto end = take_line();
      if (!end || !end->empty()) return false;
    }
    const auto end = take_line();  // no trailers
    return end && end->empty();
  }

  const std::string_view all_;
  std::string_view rest_;
  StrictRequest request_;
};

}  // namespace

const std::string* StrictRequest::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, [](const auto& h) { return h.first; });
  return found == headers.end() ? nullptr : &found->second;
}

std::optional<StrictRequest> read_strictly(std::string_view bytes) {
  return Reader(bytes).read();
}

}  // namespace sojourn::fuzz
