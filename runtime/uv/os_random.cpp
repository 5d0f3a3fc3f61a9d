#include "runtime/uv/os_random.h"

#include <sys/random.h>

#include "base/check.h"

namespace sojourn::uv {

std::unique_ptr<base::Random> os_seeded_random() {
  std::uint64_t seed = 0;
  // Requests of up to 256 bytes are never cut short.
  SOJOURN_CHECK(getrandom(&seed, sizeof seed, 0) == sizeof seed,
                "the system has entropy to seed from");
  return std::make_unique<base::SeededRandom>(seed);
}

}  // namespace sojourn::uv
