// `sojourn pull`: what the Iterable project has, into ids.lock, and as declarations into
// catalog.journey. `sojourn drift`: what has changed there since. Both only read Iterable.
#pragma once

#include <iosfwd>
#include <string>

namespace sojourn::app {

struct PullOptions {
  std::string project = ".";
  std::string environment;       // its lock is ids.NAME.lock; no catalog is written
  bool replace_catalog = false;  // also one that somebody has edited
};

// An edited catalog.journey is left as it is, and said so. kClean, or kCouldNotRun.
int pull(const PullOptions& options, std::ostream& out, std::ostream& err);

// kClean: Iterable is as the lock says. kFindings: it is not; a line for each difference on `out`.
int drift(const PullOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
