// `sojourn export` and `sojourn forget`: everything that the running daemon knows of one person,
// and its end.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "app/ask_daemon.h"
#include "app/iterable_command_line.h"

namespace sojourn::app {

struct PersonOptions : OperatorOptions {
  std::string identity;  // an email, a userId, or the internal id that a report prints
  bool yes = false;      // of forget: do it; otherwise only count
  std::string by;        // of forget: whom the log names; empty: the user of the system
};

// One JSON document on `out` (runtime/user_export.h).
int export_person(const PersonOptions& options, std::ostream& out, std::ostream& err);
int forget_person(const PersonOptions& options, std::ostream& out, std::ostream& err);

// Both, as data for the command line.
std::vector<Command> person_commands();

}  // namespace sojourn::app
