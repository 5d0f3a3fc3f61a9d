// Which database file a command about a store means.
#pragma once

#include <string>

#include "base/result.h"

namespace sojourn::app {

// In the folder that [store] path names.
inline constexpr const char* kStoreFile = "sojourn.db";

struct StorePlace {
  std::string project = ".";
  std::string environment;
  std::string store;  // the file itself; empty: the one of the project
};

base::Result<std::string> store_file(const StorePlace& place);

}  // namespace sojourn::app
