// Random programs as an author would write them: one world, and a few journeys that meet
// each other in it. Text, so that the compiler takes part. Not every one is without faults. A seed
// gives the same programs wherever the tests are built by the same compiler: the order in which
// arguments are drawn is the compiler's.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "base/random.h"

namespace sojourn::differential {

// How often each construct was met.
using Coverage = std::map<std::string, std::size_t>;

struct RandomProgram {
  std::string text;
  Coverage constructs;
};
// Without `received`, nothing asks whether a message was received.
RandomProgram random_program(base::Random& random, bool received);

}  // namespace sojourn::differential
