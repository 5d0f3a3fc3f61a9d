#include "app/command_error.h"

#include <ostream>

#include "app/check_command.h"

namespace sojourn::app {

int report_error(const base::Error& error, std::ostream& err) {
  err << "error: " << error.message << '\n';
  if (!error.hint.empty()) err << "  help: " << error.hint << '\n';
  return kCouldNotRun;
}

}  // namespace sojourn::app
