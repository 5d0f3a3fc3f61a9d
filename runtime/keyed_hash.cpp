#include "runtime/keyed_hash.h"

#include <array>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace sojourn::runtime {

std::string keyed_hash(std::string_view key, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, 32> digest{};
  unsigned int size = 0;
  const unsigned char* const done =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  SOJOURN_CHECK(done != nullptr && size == digest.size(), "SHA-256 is always there");
  std::string hex;
  hex.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

}  // namespace sojourn::runtime
