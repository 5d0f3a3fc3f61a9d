// `sojourn demo`: the sandbox and the daemon in one process, on loopback, fed the
// event stream of an example. A driven clock moves to the next due instant once
// both are idle, so weeks pass in seconds and the same seed gives the same summary.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace sojourn::app {

struct DemoOptions {
  std::string project = ".";
  std::uint64_t seed = 1;
  int days = 40;
  // Rules for the sandbox (sandbox/misbehaviour.h); none: it behaves.
  std::vector<std::string> misbehave;
  bool terminal = false;  // redraw in place instead of a line for every few days
};

// 0 when the summary adds up, 1 when it does not, 2 when the demo could not run,
// 130 when it was interrupted.
int demo(const DemoOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
