#include "bench/wire/http_message.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace sojourn::bench {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  constexpr auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c | 0x20 : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

template <typename Number>
bool parse_number(std::string_view text, Number& out) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

bool parse_first_line(std::string_view line, HttpMessage& out) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos || space == 0) return false;
  const auto rest = line.substr(space + 1);
  out.first_word = line.substr(0, space);
  out.second_word = rest.substr(0, rest.find(' '));
  return !out.second_word.empty();
}

// False when the header makes the message one we cannot frame.
bool apply_header(std::string_view line, HttpMessage& out, std::size_t& body_size) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const auto name = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  switch (name.size()) {
    case 10:
      if (same_name(name, "connection")) out.close_after = same_name(value, "close");
      return true;
    case 11:
      // A Retry-After that is a date counts as none.
      if (same_name(name, "retry-after")) parse_number(value, out.retry_after_seconds);
      return true;
    case 14:
      if (!same_name(name, "content-length")) return true;
      return parse_number(value, body_size) && body_size <= kMaxBodyBytes;
    case 17:
      return !same_name(name, "transfer-encoding");
    default:
      return true;
  }
}

}  // namespace

Parsed parse_http(std::string_view bytes, HttpMessage& out) {
  const auto head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) {
    return bytes.size() > kMaxHeadBytes ? Parsed::kMalformed : Parsed::kIncomplete;
  }
  out = HttpMessage{};
  std::string_view head = bytes.substr(0, head_end);
  std::size_t body_size = 0;
  for (bool first = true; !head.empty(); first = false) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() == head.size() ? line.size() : line.size() + 2);
    const bool ok = first ? parse_first_line(line, out) : apply_header(line, out, body_size);
    if (!ok) return Parsed::kMalformed;
  }
  if (out.first_word.empty()) return Parsed::kMalformed;
  out.size = head_end + 4 + body_size;
  if (bytes.size() < out.size) return Parsed::kIncomplete;
  out.body = bytes.substr(head_end + 4, body_size);
  return Parsed::kComplete;
}

void append_request(std::string& out, std::string_view method, std::string_view target,
                    std::string_view api_key, std::string_view body) {
  fmt::format_to(std::back_inserter(out),
                 "{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nApi-Key: {}\r\n"
                 "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                 method, target, api_key, body.size(), body);
}

void append_response(std::string& out, std::string_view status, std::string_view body) {
  fmt::format_to(std::back_inserter(out),
                 "HTTP/1.1 {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                 status, body.size(), body);
}

}  // namespace sojourn::bench
