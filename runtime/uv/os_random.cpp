#include "runtime/uv/os_random.h"

#include <array>
#include <bit>
#include <cstdint>
#include <sys/random.h>

#include "base/check.h"

namespace sojourn::uv {

std::unique_ptr<base::Random> os_seeded_random() {
  std::array<unsigned char, sizeof(std::uint64_t)> seed{};
  fill_from_os(seed);
  return std::make_unique<base::SeededRandom>(std::bit_cast<std::uint64_t>(seed));
}

// getrandom(2) cuts no request of up to 256 bytes short.
void fill_from_os(std::span<unsigned char> bytes) {
  SOJOURN_CHECK(bytes.size() <= 256, "no more is asked for at once");
  SOJOURN_CHECK(getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
                "the system has entropy");
}

}  // namespace sojourn::uv
