// A project read and compiled: what `check`, `graph` and the daemon begin with.
#pragma once

#include <string>

#include "base/result.h"
#include "dsl/compile.h"

namespace sojourn::app {

struct Project {
  std::string root;  // absolute
  dsl::Compilation compilation;
};

// The project that `start`, a file or a folder, belongs to. An error when it cannot
// be read; what is wrong with the journeys is in the compilation.
base::Result<Project> load_project(const std::string& start);

}  // namespace sojourn::app
