// From a project on disk to what a daemon is made of.
#pragma once

#include <iosfwd>
#include <string>

#include "app/config.h"
#include "app/daemon.h"

namespace sojourn::dsl {
struct Program;
}

namespace sojourn::app {

// The program with the environment's ids in place of those in the text. An id for
// a name that the program does not declare is an error.
base::Result<DaemonProgram> daemon_program(const dsl::Program& program, const IdOverrides& ids);

// Reads and compiles the project that `start` belongs to. When that fails, says
// why on `err`; `exit_code` is then set.
struct LoadedProject {
  Config config;
  DaemonProgram program;
};
std::optional<LoadedProject> load_for_daemon(const std::string& start,
                                             const std::string& environment, std::ostream& err,
                                             int& exit_code);

}  // namespace sojourn::app
