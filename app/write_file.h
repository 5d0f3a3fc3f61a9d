// Writes a report to the file that its reader named.
#pragma once

#include <string>

#include "base/result.h"

namespace sojourn::app {

base::Status write_file(const std::string& path, const std::string& text);

}  // namespace sojourn::app
