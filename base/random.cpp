#include "base/random.h"

#include "base/check.h"

namespace sojourn::base {

std::uint64_t random_below(Random& random, std::uint64_t bound) {
  SOJOURN_CHECK(bound > 0, "a random number needs a range that is not empty");
  // Numbers under 2^64 mod bound are thrown away; the rest divides evenly.
  const std::uint64_t uneven = (0 - bound) % bound;
  std::uint64_t value = random.next();
  while (value < uneven) value = random.next();
  return value % bound;
}

std::uint64_t SeededRandom::next() {
  state_ += 0x9E37'79B9'7F4A'7C15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9;
  z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EB;
  return z ^ (z >> 31);
}

}  // namespace sojourn::base
