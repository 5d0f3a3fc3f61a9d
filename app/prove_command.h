// `sojourn prove [JOURNEY]`: what is proved of journeys before anybody enters them, as a
// table, whether or not anything is asserted.
#pragma once

#include <iosfwd>
#include <string>

namespace sojourn::app {

struct ProveOptions {
  std::string journey;  // empty: every journey, and what they come to together
  bool json = false;
  std::string project = ".";  // a path in it
};

// The bounds go to `out`; with `json` that is JSON in every case.
int prove(const ProveOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
