// A project read and compiled: what `check`, `graph` and the daemon begin with.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

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

struct FixesMade {
  std::size_t count = 0;
  std::vector<std::string> files;
};

// Makes the fixes of what is found in the files that `wanted` takes, on disk, and compiles
// the project as it is then.
base::Result<FixesMade> fix_project(Project& project,
                                    const std::function<bool(std::string_view)>& wanted);

// The journey that a command names; the error suggests one.
base::Result<const dsl::CompiledJourney*> named_journey(const dsl::Program& program,
                                                        const std::string& name);

}  // namespace sojourn::app
