// Where chance comes from. The daemon seeds it from the operating system
// (uv::os_seeded_random); tests and simulations pass a seed that they print.
// Nothing stored or sent may depend on it except by choice (jitter, sandbox
// misbehaviour). Not thread-safe: one per thread.
#pragma once

#include <cstdint>

namespace sojourn::base {

class Random {
 public:
  virtual ~Random() = default;
  // 64 uniform bits.
  virtual std::uint64_t next() = 0;
};

// A uniform number in [0, bound); bound > 0.
std::uint64_t random_below(Random& random, std::uint64_t bound);

// SplitMix64: the same seed gives the same numbers, on every machine and for ever.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() override;

 private:
  std::uint64_t state_;
};

}  // namespace sojourn::base
