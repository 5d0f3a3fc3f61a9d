#include "connectors/only_to.h"

#include <algorithm>
#include <fmt/core.h>

#include "base/text.h"

namespace sojourn::connectors {
namespace {

bool matches(std::string_view pattern, std::string_view email) {
  if (pattern.front() != '*') return pattern == email;
  pattern.remove_prefix(1);
  // The star stands for at least one character.
  return email.size() > pattern.size() && email.ends_with(pattern);
}

}  // namespace

base::Result<OnlyTo> OnlyTo::from_patterns(std::vector<std::string> patterns) {
  for (std::string& pattern : patterns) {
    const std::size_t at = pattern.find('@');
    const bool one_at = at != std::string::npos && pattern.find('@', at + 1) == std::string::npos;
    const bool domain = one_at && at + 1 < pattern.size();
    const bool star_first_only = pattern.find_last_of('*') == std::string::npos ||
                                 (pattern.find_last_of('*') == 0 && at >= 1);
    if (!domain || at == 0 || !star_first_only) {
      return base::failure(base::Error::Kind::kInvalid,
                           fmt::format("`only_to` pattern `{}` is not an address", pattern),
                           "write a whole address or `*@` and a domain, such as `*@example.com`");
    }
    pattern = base::lower_ascii(pattern);
  }
  OnlyTo only_to;
  only_to.patterns_ = std::move(patterns);
  return only_to;
}

bool OnlyTo::allowed(std::string_view email) const {
  if (!patterns_) return true;
  if (email.empty()) return false;
  const std::string wanted = base::lower_ascii(email);
  return std::any_of(patterns_->begin(), patterns_->end(),
                     [&](const std::string& pattern) { return matches(pattern, wanted); });
}

}  // namespace sojourn::connectors
