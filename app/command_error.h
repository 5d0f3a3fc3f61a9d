// How a command says that it could not run.
#pragma once

#include <iosfwd>

#include "base/result.h"

namespace sojourn::app {

// Writes the error and its hint; returns the exit code for it.
int report_error(const base::Error& error, std::ostream& err);

}  // namespace sojourn::app
