#include "connectors/webhook/target.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

#include "base/text.h"

namespace sojourn::connectors::webhook {
namespace {

constexpr std::size_t kMaxHost = 253;
constexpr std::size_t kMaxLabel = 63;

bool is_digit(char c) {
  return '0' <= c && c <= '9';
}

bool is_label(std::string_view label) {
  const auto fits = [](char c) { return ('a' <= c && c <= 'z') || is_digit(c) || c == '-'; };
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), fits);
}

// 0 to 255 without a leading zero: some readers take that for octal.
bool is_octet(std::string_view label) {
  if (label.empty() || label.size() > 3 || (label.size() > 1 && label.front() == '0')) return false;
  int number = 0;
  for (const char c : label) {
    if (!is_digit(c)) return false;
    number = number * 10 + (c - '0');
  }
  return number <= 255;
}

// Names, and four decimal numbers. A last label that begins with a digit makes the whole
// an address in the eyes of some readers (`127.1`, `0x7f.1`, `2130706433`).
bool is_host(std::string_view host) {
  if (host.empty() || host.size() > kMaxHost) return false;
  std::size_t labels = 0;
  std::size_t octets = 0;
  std::string_view rest = host;
  std::string_view last;
  while (true) {
    const std::size_t dot = rest.find('.');
    last = rest.substr(0, dot);
    if (!is_label(last)) return false;
    ++labels;
    if (is_octet(last)) ++octets;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  return is_digit(last.front()) ? labels == 4 && octets == 4 : true;
}

// Only what it is made of; the client finds out whether it is an address.
bool is_v6(std::string_view text) {
  return text.size() >= 2 && text.size() <= 45 &&
         text.find_first_not_of("0123456789abcdef:.") == std::string_view::npos &&
         text.find(':') != std::string_view::npos;
}

std::optional<int> port_of(std::string_view text) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || !is_digit(text.front()) || error != std::errc{} ||
      end != text.data() + text.size() || port < 1 || port > 65'535) {
    return std::nullopt;
  }
  return port;
}

tl::unexpected<base::Error> refusal(std::string_view text) {
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("`{}` names no host that can be called", text),
                       "write a name or an address, and a port if it is not the usual one");
}

// Splits off ":PORT" and an IPv6 address's brackets.
struct Parts {
  std::string_view host;
  std::optional<std::string_view> port;
  bool bracketed = false;
};
std::optional<Parts> split(std::string_view text) {
  Parts parts;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    parts.bracketed = true;
    parts.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    parts.host = text.substr(0, colon);
    rest = text.substr(colon);
  }
  if (rest.empty()) return parts;
  if (rest.front() != ':') return std::nullopt;
  parts.port = rest.substr(1);
  return parts;
}

}  // namespace

std::string Target::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

base::Result<Target> parse_authority(std::string_view text, bool https) {
  const std::string lower = base::lower_ascii(text);
  const auto parts = split(lower);
  if (!parts) return refusal(text);
  Target target;
  target.https = https;
  target.port = https ? 443 : 80;
  if (parts->port) {
    const auto port = port_of(*parts->port);
    if (!port) return refusal(text);
    target.port = *port;
  }
  if (parts->bracketed ? !is_v6(parts->host) : !is_host(parts->host)) return refusal(text);
  target.host = parts->host;
  return target;
}

base::Result<Target> parse_target(std::string_view url) {
  const bool https = url.starts_with("https://");
  if (!https && !url.starts_with("http://")) return refusal(url);
  const auto strange = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f ||
           c == '\\' || c == '#';
  };
  if (std::any_of(url.begin(), url.end(), strange)) return refusal(url);
  const std::string_view rest = url.substr(https ? 8 : 7);
  auto target = parse_authority(rest.substr(0, rest.find_first_of("/?")), https);
  if (!target) return refusal(url);
  return target;
}

bool is_loopback(const Target& target) {
  return target.host == "localhost" || target.host == "::1" ||
         (target.host.starts_with("127.") &&
          target.host.find_first_not_of("0123456789.") == std::string::npos);
}

}  // namespace sojourn::connectors::webhook
