// Short forms of what a run asks of its seed.
#pragma once

#include <cstdint>

#include "base/instant.h"
#include "base/random.h"

namespace sojourn::sim {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  // From 0 to `bound` - 1.
  std::uint64_t below(std::uint64_t bound) { return base::random_below(random_, bound); }
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first) + 1));
  }
  bool percent(std::uint64_t share) { return below(100) < share; }
  base::Millis time(base::Millis least, base::Millis most) {
    return {between(least.count, most.count)};
  }
  // Each order of magnitude is as likely: from 1 to 2^`bits`.
  std::uint64_t many(std::uint64_t bits) { return 1 + below(std::uint64_t{1} << below(bits + 1)); }
  base::Random& source() { return random_; }

 private:
  base::SeededRandom random_;
};

}  // namespace sojourn::sim
