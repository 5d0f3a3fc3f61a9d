#include "sandbox/path_pattern.h"

#include "base/percent.h"
#include "base/text.h"

namespace sojourn::sandbox {
namespace {

// Takes the first part off `rest`, and the slash behind it.
std::string_view next_part(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view part = rest.substr(0, slash);
  rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  return part;
}

}  // namespace

bool fits_pattern(std::string_view pattern, std::string_view path,
                  std::vector<std::string>* names) {
  if (pattern.ends_with('/') != path.ends_with('/')) return false;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_part(pattern);
    const std::string_view part = next_part(path);
    if (!wanted.starts_with('{')) {
      if (wanted != part) return false;
      continue;
    }
    const auto name = base::percent_decoded(part);
    if (!name || name->empty() || base::first_invalid_utf8(*name)) return false;
    if (names != nullptr) names->push_back(*name);
  }
  return pattern.empty() && path.empty();
}

}  // namespace sojourn::sandbox
