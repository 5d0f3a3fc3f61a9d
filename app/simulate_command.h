// `sojourn simulate JOURNEY`: a synthetic population through the real engine, on a
// clock of its own; how many messages, to how many people, on which days.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>

namespace sojourn::app {

struct SimulateOptions {
  static constexpr std::uint64_t kMaxUsers = 10'000'000;
  static constexpr int kMaxDays = 3650;

  std::string journey;
  std::uint64_t users = 10'000;
  std::uint64_t seed = 1;
  int days = 90;
  std::string model_file;  // empty: all is derived from the journey
  std::string html_file;   // empty: none
  bool json = false;
  int jobs = 0;               // threads; 0: one a core
  std::string project = ".";  // a path in it
};

// The report goes to `out` (with `json`, always JSON: null when there is none), the
// rest to `err`. kFindings when the journeys have faults.
int simulate(const SimulateOptions& options, std::ostream& out, std::ostream& err);

}  // namespace sojourn::app
