// `sojourn run`: the daemon, until SIGTERM or SIGINT.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "base/instant.h"

namespace sojourn::app {

struct RunOptions {
  std::string project = ".";
  std::string environment;
  // Starts on a driven clock that stands at this instant, for tests and demos: it
  // moves only when told to, over the control socket.
  std::optional<base::Instant> clock;
  bool core_dumps = false;  // see guard_process.h
};

// Prints `listening http=HOST:PORT` on `out` once senders can come; the log goes
// to stderr. 0 after a clean stop, 1 when the journeys have findings or the daemon
// died, 2 when it could not start.
int run(const RunOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
