// Which operation answers which request. Data; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/desk.h"

namespace sojourn::sandbox {

struct Route {
  std::string_view method;
  std::string_view pattern;  // see path_pattern.h
  Reply (*handler)(Desk&, const Call&);
};

// Null when nothing answers. A path without names is looked for before any pattern, so that
// `/api/users/getFields` is not an email. `names` gets what stands for the names.
const Route* find_route(std::string_view method, std::string_view path,
                        std::vector<std::string>& names);

}  // namespace sojourn::sandbox
