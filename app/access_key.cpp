#include "app/access_key.h"

#include <algorithm>
#include <fmt/format.h>

#include "runtime/uv/os_random.h"

namespace sojourn::app {
namespace {

constexpr std::string_view kForm = "sojourn_";
constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_hex(std::string_view text) {
  return text.find_first_not_of(kHexDigits) == std::string_view::npos;
}

}  // namespace

std::string_view to_string(Scope scope) {
  switch (scope) {
    case Scope::kIngest:
      return "ingest";
    case Scope::kRead:
      return "read";
    case Scope::kOperate:
      return "operate";
    case Scope::kErase:
      return "erase";
  }
  return "";
}

std::string to_string(const Scopes& scopes) {
  std::string out;
  for (const Scope scope : kScopes) {
    if (!scopes.has(scope)) continue;
    if (!out.empty()) out += ',';
    out += to_string(scope);
  }
  return out;
}

std::optional<Scopes> parse_scopes(std::string_view text) {
  Scopes out;
  for (;;) {
    const std::size_t comma = text.find(',');
    const std::string_view name = text.substr(0, comma);
    const auto* const found =
        std::ranges::find_if(kScopes, [&](Scope scope) { return to_string(scope) == name; });
    if (found == kScopes.end()) return std::nullopt;
    out.add(*found);
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxKeyNameBytes || name[0] < 'a' || name[0] > 'z') {
    return false;
  }
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::string new_access_key() {
  KeyDigest bits{};
  uv::fill_from_os(bits);
  return std::string(kForm) + to_hex(bits);
}

bool has_key_form(std::string_view key) {
  return key.size() == kForm.size() + 2 * sizeof(KeyDigest) && key.starts_with(kForm) &&
         is_hex(key.substr(kForm.size()));
}

std::string to_hex(const KeyDigest& digest) {
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

std::optional<KeyDigest> digest_from_hex(std::string_view text) {
  KeyDigest digest{};
  if (text.size() != 2 * digest.size() || !is_hex(text)) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<unsigned char>(16 * kHexDigits.find(text[2 * i]) +
                                           kHexDigits.find(text[2 * i + 1]));
  }
  return digest;
}

}  // namespace sojourn::app
