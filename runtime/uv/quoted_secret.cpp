#include "runtime/uv/quoted_secret.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace sojourn::uv {
namespace {

constexpr std::string_view kInstead = "[secret]";
constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void replace_all(std::string& text, const std::string& what) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + kInstead.size())) {
    text.replace(at, what.size(), kInstead);
  }
}

// Of a text with `before` bytes in front of the secret and some behind it, the characters that say
// nothing of those.
std::string base64_within(std::string_view secret, std::size_t before, std::string_view alphabet) {
  const std::size_t first = (8 * before + 5) / 6;
  const std::size_t end = 8 * (before + secret.size()) / 6;
  std::string out;
  for (std::size_t i = first; i < end; ++i) {
    std::size_t six = 0;
    for (std::size_t bit = 6 * i - 8 * before; bit < 6 * i - 8 * before + 6; ++bit) {
      const auto byte = static_cast<std::uint8_t>(secret[bit / 8]);
      six = 2 * six + ((byte >> (7 - bit % 8)) & 1U);
    }
    out += alphabet[six];
  }
  return out;
}

bool is_hex_of(std::string_view digits, std::size_t count, char c) {
  if (digits.size() < count) return false;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + count, value, 16);
  return error == std::errc() && end == digits.data() + count &&
         value == static_cast<unsigned char>(c);
}

// How many bytes at the beginning of the text stand for the character: 0 when they do not.
std::size_t spelled(std::string_view text, char c) {
  if (text.empty()) return 0;
  if (text[0] == '%' && is_hex_of(text.substr(1), 2, c)) return 3;
  if (text[0] == '\\' && text.size() > 1) {
    if (text[1] == 'u' && is_hex_of(text.substr(2), 4, c)) return 6;
    const bool is_itself = text[1] == '"' || text[1] == '\\' || text[1] == '/';
    if (is_itself && text[1] == c) return 2;
  }
  if (text[0] == '+' && c == ' ') return 1;
  return text[0] == c ? 1 : 0;
}

// The same of all of the secret.
std::size_t spelled(std::string_view text, std::string_view secret) {
  std::size_t size = 0;
  for (const char c : secret) {
    const std::size_t one = spelled(text.substr(size), c);
    if (one == 0) return 0;
    size += one;
  }
  return size;
}

}  // namespace

QuotedSecret::QuotedSecret(std::string_view secret) : secret_(secret) {
  for (const std::string_view alphabet : {kStandard, kUrlSafe}) {
    for (std::size_t before = 0; before < 3; ++before) {
      std::string form = base64_within(secret, before, alphabet);
      const bool is_new = std::ranges::find(in_base64_, form) == in_base64_.end();
      if (is_new && form.size() >= secret.size()) in_base64_.push_back(std::move(form));
    }
  }
}

void QuotedSecret::take_out(std::string& text) const {
  replace_all(text, secret_);
  take_out_spelled(text);
  for (const std::string& form : in_base64_) replace_all(text, form);
}

void QuotedSecret::take_out_spelled(std::string& text) const {
  const std::string beginnings{secret_[0], '%', '\\'};
  for (std::size_t at = text.find_first_of(beginnings); at != std::string::npos;
       at = text.find_first_of(beginnings, at)) {
    const std::size_t size = spelled(std::string_view(text).substr(at), secret_);
    if (size == 0) {
      ++at;
      continue;
    }
    text.replace(at, size, kInstead);
    at += kInstead.size();
  }
}

}  // namespace sojourn::uv
