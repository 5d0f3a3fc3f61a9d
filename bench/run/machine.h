// The machine a table was measured on, in one line of words.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace sojourn::bench {

// An error when `dir` is kept in memory, where an fsync costs nothing and a
// durable commit would be measured as if it were free.
base::Result<std::string> describe_machine(const std::filesystem::path& dir);

}  // namespace sojourn::bench
