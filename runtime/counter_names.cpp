#include "runtime/counter_names.h"

namespace sojourn::runtime {

std::string counter_name(std::initializer_list<std::string_view> parts) {
  std::string name;
  for (const std::string_view part : parts) {
    if (!name.empty()) name.push_back('/');
    name.append(part);
  }
  return name;
}

std::vector<std::string_view> counter_parts(std::string_view name) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = name.find('/');
    parts.push_back(name.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    name.remove_prefix(slash + 1);
  }
}

}  // namespace sojourn::runtime
