// `sojourn key new`, `list` and `revoke`: who is let in, as keys.toml says. A running daemon is
// told at once.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "app/ask_daemon.h"
#include "app/iterable_command_line.h"
#include "base/civil.h"

namespace sojourn::app {

struct KeyOptions {
  OperatorOptions daemon;
  std::string name;
  std::string scopes;  // with commas between
};

// The key goes to `out`, alone, and is nowhere else; what is to be known of it goes to `err`.
// `today` is noted beside it.
int new_key(const KeyOptions& options, base::CivilDay today, std::ostream& out, std::ostream& err);
int list_keys(const KeyOptions& options, std::ostream& out, std::ostream& err);
int revoke_key(const KeyOptions& options, std::ostream& out, std::ostream& err);

// `sojourn key` with these, for the command line.
Command key_command();

}  // namespace sojourn::app
