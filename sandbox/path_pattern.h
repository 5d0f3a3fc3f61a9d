// Patterns of paths, as API descriptions write them: `/api/catalogs/{name}/items`. What
// stands in braces is one part of a path, between two slashes. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sojourn::sandbox {

inline bool has_names(std::string_view pattern) {
  return pattern.find('{') != std::string_view::npos;
}

// Whether `path` (still percent-encoded, without a query) has the form of `pattern`. The parts
// that stand for names are percent-decoded and appended to `names`, when that is not null. A part
// that is empty or badly encoded fits nothing.
bool fits_pattern(std::string_view pattern, std::string_view path,
                  std::vector<std::string>* names = nullptr);

}  // namespace sojourn::sandbox
