#include "runtime/uv/os_random.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <sys/random.h>
#include <tuple>

#include "base/check.h"

namespace sojourn::uv {
namespace {

class OsRandom final : public base::Random {
 public:
  std::uint64_t next() override {
    if (used_ == numbers_.size()) {
      std::array<unsigned char, sizeof numbers_> bytes{};
      fill_from_os(bytes);
      numbers_ = std::bit_cast<Numbers>(bytes);
      used_ = 0;
    }
    return numbers_[used_++];
  }

 private:
  // As many as one call of the system gives.
  using Numbers = std::array<std::uint64_t, 32>;
  Numbers numbers_{};
  std::size_t used_ = std::tuple_size_v<Numbers>;
};

}  // namespace

std::unique_ptr<base::Random> os_seeded_random() {
  std::array<unsigned char, sizeof(std::uint64_t)> seed{};
  fill_from_os(seed);
  return std::make_unique<base::SeededRandom>(std::bit_cast<std::uint64_t>(seed));
}

std::unique_ptr<base::Random> os_random() {
  return std::make_unique<OsRandom>();
}

// getrandom(2) cuts no request of up to 256 bytes short.
void fill_from_os(std::span<unsigned char> bytes) {
  SOJOURN_CHECK(bytes.size() <= 256, "no more is asked for at once");
  SOJOURN_CHECK(getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
                "the system has entropy");
}

}  // namespace sojourn::uv
