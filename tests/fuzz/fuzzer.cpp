// libFuzzer's door to the claims of one kind: SOJOURN_CLAIMS, a function of claims.h.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <sanitizer/allocator_interface.h>
#include <string>

#include "base/check.h"
#include "tests/fuzz/claims.h"

namespace {

// That one input of at most 64 KiB makes the program hold beyond what it held before.
constexpr std::size_t kMostBytes = std::size_t{64} << 20U;

std::size_t g_held = 0;
std::size_t g_most = 0;

void taken(const volatile void* /*memory*/, std::size_t size) {
  g_held += size;
  g_most = std::max(g_most, g_held);
}

void given_back(const volatile void* memory) {
  const void* plain = const_cast<const void*>(memory);
  if (plain == nullptr) return;
  g_held -= std::min(g_held, __sanitizer_get_allocated_size(plain));
}

void hold(const std::uint8_t* data, std::size_t size) {
  // A copy of its very size, so that a byte read behind it is found.
  const std::string input(data, data + size);
  sojourn::fuzz::SOJOURN_CLAIMS(input);
}

}  // namespace

// NOLINTBEGIN: the names are libFuzzer's
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  // What is made once and kept is no input's.
  hold(nullptr, 0);
  __sanitizer_install_malloc_and_free_hooks(taken, given_back);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::size_t before = g_held;
  g_most = g_held;
  hold(data, size);
  SOJOURN_CHECK(g_most - before <= kMostBytes, "an input takes little memory");
  return 0;
}
// NOLINTEND
