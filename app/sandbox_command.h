// `sojourn sandbox`: a local Iterable, until SIGTERM or SIGINT.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace sojourn::app {

struct SandboxCommandOptions {
  int port = 8090;
  std::string record_file = ":memory:";
  std::string project_file;            // empty: the small project
  std::string api_key;                 // empty: any key is taken
  std::vector<std::string> misbehave;  // rules, see sandbox/misbehaviour.h
  std::uint64_t seed = 1;
  std::int64_t sent_messages_lag_seconds = 0;
  std::int64_t read_lag_seconds = 0;
  bool rate_limits = false;
};

// Prints `listening http=127.0.0.1:PORT`, and tables of what came at the end.
int sandbox(const SandboxCommandOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
