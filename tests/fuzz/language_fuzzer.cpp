// libFuzzer's door to the claims about the language.
#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/language_claims.h"

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sojourn::fuzz::hold_language_claims(std::string(data, data + size));
  return 0;
}
