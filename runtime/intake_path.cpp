#include "runtime/intake_path.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/percent.h"

namespace sojourn::runtime {
namespace {

using Wrong = std::optional<std::string_view>;

// Of the text behind the first slash.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

// What a decoded part may not be.
Wrong wrong_with(std::string_view part) {
  if (part.empty()) return "it has an empty part";
  if (part == "." || part == "..") return "it has a part `.` or `..`";
  if (part.find_first_of("/\\") != std::string_view::npos) {
    return "it names somebody with `/` or `\\`, which only a call with a body can";
  }
  const bool is_text = std::ranges::none_of(part, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  return is_text ? std::nullopt : Wrong("it has a control character");
}

// Of the one part that may be percent-encoded. Who decodes it twice must read nothing else either.
tl::expected<std::string, std::string_view> name_in(std::string_view part) {
  auto name = base::percent_decoded(part);
  if (!name)
    return tl::unexpected(std::string_view("a `%` in it is not followed by two hex digits"));
  if (const Wrong wrong = wrong_with(*name)) return tl::unexpected(*wrong);
  const auto again = base::percent_decoded(*name);
  if (again && *again != *name) {
    if (const Wrong wrong = wrong_with(*again)) return tl::unexpected(*wrong);
  }
  return std::move(*name);
}

// How many parts there have to be: users/NAME, users/byUserId/NAME, subscriptions/GROUP/ID and
// subscriptions/GROUP/ID/BY/NAME, each behind `api`.
std::size_t expected_parts(std::string_view method, const std::vector<std::string_view>& parts) {
  const bool is_user = parts.size() > 1 && parts[1] == "users";
  if (is_user) return parts.size() > 2 && parts[2] == "byUserId" ? 4 : 3;
  return method == "PUT" ? 4 : 6;
}

}  // namespace

tl::expected<std::string, std::string_view> plain_path(std::string_view method,
                                                       std::string_view path) {
  if (path.find_first_of("#\\") != std::string_view::npos) {
    return tl::unexpected(std::string_view("it has a `#` or a `\\`"));
  }
  const std::vector<std::string_view> parts = parts_of(path.substr(1));
  std::string plain;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i].find('%') != std::string_view::npos) {
      return tl::unexpected(std::string_view("only the name at its end may have `%`"));
    }
    if (const Wrong wrong = wrong_with(parts[i])) return tl::unexpected(*wrong);
    plain.append("/").append(parts[i]);
  }
  const auto name = name_in(parts.back());
  if (!name) return tl::unexpected(name.error());
  if (parts.size() != expected_parts(method, parts) || *name == "byUserId") {
    return tl::unexpected(std::string_view("it has more or fewer parts than such a call"));
  }
  return plain + "/" + base::percent_encoded(*name);
}

}  // namespace sojourn::runtime
