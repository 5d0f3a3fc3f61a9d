// A database that a process has left behind, opened to be read through once. One thread.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"
#include "runtime/store/sqlite.h"

namespace sojourn::soak {

// An error when there is no such file, or when another process has it open.
base::Result<std::unique_ptr<store::Connection>> open_to_read(const std::filesystem::path& path);

}  // namespace sojourn::soak
