// The join at the end of a soak: what was sent, the daemon's store and the sandbox's record are
// read side by side, in order of person. Memory does not grow with the number of people. One
// thread; both processes have ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "tests/soak/journey.h"
#include "tests/soak/tally.h"

namespace sojourn::soak {

struct JoinInput {
  std::filesystem::path folder;  // of the soak
  Terms terms;
  std::uint64_t people = 0;        // those whose events were acknowledged: numbers from 0
  std::uint64_t answers_lost = 0;  // requests that the sandbox took, and did not answer
};

// Part of every name, so of every id: the first run of a soak.
inline constexpr std::string_view kRunName = "soak";
// As the load generator names people. They are in order of number as in order of name, up to 10^8.
std::string email_of(std::uint64_t number);

// An error when a record cannot be read; what does not fit is in the tally.
base::Result<Tally> join(const JoinInput& input);

}  // namespace sojourn::soak
