// `sojourn status` and `sojourn user`: questions to the running daemon of a
// project, over its control socket.
#pragma once

#include <iosfwd>
#include <string>

namespace sojourn::app {

struct OperatorOptions {
  std::string project = ".";
  std::string environment;
  bool json = false;
};

int status(const OperatorOptions& options, std::ostream& out, std::ostream& err);
// `identity`: an email, a userId, or the internal id that a report prints.
int user(const OperatorOptions& options, const std::string& identity, std::ostream& out,
         std::ostream& err);

}  // namespace sojourn::app
