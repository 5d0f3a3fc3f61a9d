// The sum of many runs, and how one run and all are told to a reader.
#pragma once

#include <string>

#include "tests/sim/world.h"

namespace sojourn::sim {

class Summary {
 public:
  void add(const RunResult& run);
  // A line of totals, of what went wrong, of what came of it, and of what was passed on.
  std::string text() const;
  std::uint64_t runs() const { return runs_; }
  std::uint64_t violations() const { return violations_; }

 private:
  RunResult sum_;
  std::uint64_t first_seed_ = 0;
  std::uint64_t last_seed_ = 0;
  std::uint64_t runs_ = 0;
  std::uint64_t violations_ = 0;
  std::uint64_t passing_on_ = 0;
};

// Seed, hash, virtual time and counts; of a violation all there is to read.
std::string text_of(const RunResult& run);
std::string newest_of(const RunResult& run);

}  // namespace sojourn::sim
