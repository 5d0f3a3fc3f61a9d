// `sojourn status` and `sojourn user`: questions to the running daemon of a
// project, over its control socket.
#pragma once

#include <iosfwd>
#include <string>

#include "app/ask_daemon.h"

namespace sojourn::app {

int status(const OperatorOptions& options, std::ostream& out, std::ostream& err);
// `identity`: an email, a userId, or the internal id that a report prints.
int user(const OperatorOptions& options, const std::string& identity, std::ostream& out,
         std::ostream& err);

}  // namespace sojourn::app
